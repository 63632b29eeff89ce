import { useCallback, useState } from 'react';

/** One key a form: the broker takes the same form sent twice for one. Drawn anew once it was sent. */
export function useFormKey(): { key: string; renew(): void } {
  const [key, setKey] = useState(() => crypto.randomUUID());
  const renew = useCallback(() => setKey(crypto.randomUUID()), []);
  return { key, renew };
}
