import type { ReactNode } from 'react';

/** Something to know at once. Problems are spoken by a screen reader. */
export function Notice({ tone, children }: { tone: 'info' | 'good' | 'problem'; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === 'problem' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
