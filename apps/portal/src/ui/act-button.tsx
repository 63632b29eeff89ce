import type { MouseEvent, Ref } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';

/** What it does takes a moment: meanwhile it takes no other press, and keeps the focus, which a disabled button loses. */
export function ActButton({
  isBusy,
  onPress,
  ...props
}: Omit<ButtonProps, 'isDisabled' | 'isBusy'> & {
  isBusy: boolean;
  ref?: Ref<HTMLButtonElement>;
}) {
  const press = onPress === undefined ? {} : { onPress };
  return <Button {...props} {...(isBusy ? { 'aria-disabled': true, onClick: submitNothing } : press)} />;
}

/** The key Enter in a field presses the form's button too. */
function submitNothing(event: MouseEvent): void {
  event.preventDefault();
}
