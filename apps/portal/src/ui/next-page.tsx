import { Button } from 'react-aria-components';
import type { Pages } from '../api/use-pages.ts';

/** Behind a list read page by page, while there may be more of it. */
export function NextPage({ isRead, whole, more }: Pick<Pages<never>, 'isRead' | 'whole' | 'more'>) {
  if (!isRead || whole) return null;
  return (
    <Button className="quiet-button" onPress={more}>
      Afficher la suite
    </Button>
  );
}
