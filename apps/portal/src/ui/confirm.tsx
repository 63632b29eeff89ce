import { type ReactNode, useEffect, useRef } from 'react';
import { ActButton } from './act-button.tsx';

/** The second of two presses: says once more what is about to be done, and that it is not undone. */
export function Confirm({
  title,
  children,
  yes,
  no,
  isDanger = false,
  isBusy,
  onYes,
  onNo,
}: {
  title: string;
  children: ReactNode;
  yes: string;
  no: string;
  isDanger?: boolean;
  isBusy: boolean;
  onYes(): void;
  onNo(): void;
}) {
  const place = useRef<HTMLFieldSetElement>(null);
  // the question is read before either answer has the focus: the same key pressed twice decides nothing
  useEffect(() => place.current?.focus(), []);
  // the button that asked comes back, and is where one was
  const decline = () => {
    const form = place.current?.closest('form');
    onNo();
    requestAnimationFrame(() => form?.querySelector<HTMLElement>('button[type="submit"]')?.focus());
  };
  return (
    <fieldset ref={place} tabIndex={-1}>
      <legend>{title}</legend>
      {children}
      <div className="row">
        <ActButton className={isDanger ? 'button danger' : 'button'} onPress={onYes} isBusy={isBusy}>
          {yes}
        </ActButton>
        <ActButton className="quiet-button" onPress={decline} isBusy={isBusy}>
          {no}
        </ActButton>
      </div>
    </fieldset>
  );
}
