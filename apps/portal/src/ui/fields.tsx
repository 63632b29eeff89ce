import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Radio,
  RadioGroup,
  Text,
  type TextFieldProps,
} from 'react-aria-components';

interface Named {
  label: string;
  help?: string;
}

export function TextField({ label, help, ...props }: Named & TextFieldProps) {
  return (
    <AriaTextField {...props} className="field">
      <Label>{label}</Label>
      {help !== undefined && <Text slot="description">{help}</Text>}
      <Input autoComplete="off" />
      <FieldError />
    </AriaTextField>
  );
}

interface Choice {
  value: string;
  says: ReactNode;
}

/** Nothing is chosen for whoever fills it. */
export function Choices({
  label,
  help,
  choices,
  value,
  onChange,
  isRequired = false,
  isStacked = false,
}: Named & {
  choices: readonly Choice[];
  value: string;
  onChange(value: string): void;
  isRequired?: boolean;
  /** one under the other, for sentences */
  isStacked?: boolean;
}) {
  return (
    <RadioGroup
      className={isStacked ? 'field choices stacked' : 'field choices'}
      // null, or no radio of the group would be in the order of tabulation
      value={value === '' ? null : value}
      onChange={onChange}
      isRequired={isRequired}
    >
      <Label>{label}</Label>
      {help !== undefined && <Text slot="description">{help}</Text>}
      <div className="row">
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className="choice">
            <span className="mark" aria-hidden="true" />
            {choice.says}
          </Radio>
        ))}
      </div>
      <FieldError />
    </RadioGroup>
  );
}

export function Checkbox({
  children,
  isSelected,
  onChange,
}: {
  children: ReactNode;
  isSelected: boolean;
  onChange(isSelected: boolean): void;
}) {
  return (
    <AriaCheckbox className="choice" isSelected={isSelected} onChange={onChange}>
      <span className="mark square" aria-hidden="true" />
      <span>{children}</span>
    </AriaCheckbox>
  );
}
