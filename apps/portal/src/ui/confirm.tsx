import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';

/** The second of two presses: says once more what is about to be done, and that it is not undone. */
export function Confirm({
  title,
  children,
  yes,
  no,
  isDanger = false,
  isPending,
  onYes,
  onNo,
}: {
  title: string;
  children: ReactNode;
  yes: string;
  no: string;
  isDanger?: boolean;
  isPending: boolean;
  onYes(): void;
  onNo(): void;
}) {
  const place = useRef<HTMLFieldSetElement>(null);
  // the question is read before either answer has the focus: the same key pressed twice decides nothing
  useEffect(() => place.current?.focus(), []);
  return (
    <fieldset ref={place} tabIndex={-1}>
      <legend>{title}</legend>
      {children}
      <div className="row">
        <Button className={isDanger ? 'button danger' : 'button'} onPress={onYes} isPending={isPending}>
          {yes}
        </Button>
        <Button className="quiet-button" onPress={onNo} isPending={isPending}>
          {no}
        </Button>
      </div>
    </fieldset>
  );
}
