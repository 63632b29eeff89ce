/** One row of the table of settings, declared beside the property that holds the value. */
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsIn, IsInt, IsNumber, IsUrl, Max, Min } from 'class-validator';

export interface SettingRow {
  name: string;
  /** as it would be written in the environment; undefined = nothing unless set */
  default: string | undefined;
  says: string;
  /** never printed */
  secret: boolean;
  /** opens a section of .env.example */
  section?: string;
}

const rows: SettingRow[] = [];
/** class of each row */
const owners: object[] = [];

/** In the order of declaration, what a class inherits last: the order of .env.example. */
export const SETTINGS: readonly SettingRow[] = rows;

/** Variable that names a file holding a secret setting; the setting itself wins. */
export function secretFile(name: string): string {
  return `${name}_FILE`;
}

/** Declares a setting: one English line, its default, and whether it must stay out of every print. */
export function Setting(
  says: string,
  options: { default?: string; secret?: boolean; section?: string } = {},
): PropertyDecorator {
  return (target, name) => {
    const inherited = owners.findIndex(
      (owner) => owner !== target && Object.prototype.isPrototypeOf.call(owner, target),
    );
    const at = inherited === -1 ? rows.length : inherited;
    owners.splice(at, 0, target);
    rows.splice(at, 0, {
      name: String(name),
      default: options.default,
      says,
      secret: options.secret ?? false,
      ...(options.section === undefined ? {} : { section: options.section }),
    });
  };
}

/** Anything but a plain decimal number stays text, which the next rule refuses. */
const toNumber = Transform(({ value }) =>
  typeof value === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : value,
);

function together(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, name) => {
    for (const decorate of decorators) decorate(target, name);
  };
}

export function Whole(min: number, max: number): PropertyDecorator {
  const message = `must be a whole number from ${min} to ${max}`;
  return together(toNumber, IsInt({ message }), Min(min, { message }), Max(max, { message }));
}

/** Seconds, decimals allowed. */
export function Seconds(min: number, max: number): PropertyDecorator {
  const message = `must be a number from ${min} to ${max}`;
  return together(toNumber, IsNumber({}, { message }), Min(min, { message }), Max(max, { message }));
}

/** From none to all. */
export function Share(): PropertyDecorator {
  const message = 'must be a number from 0 to 1';
  return together(toNumber, IsNumber({}, { message }), Min(0, { message }), Max(1, { message }));
}

/** One or more of these words, separated by commas. */
export function Words(words: readonly string[]): PropertyDecorator {
  const message = `must be among ${words.join(', ')}`;
  return together(
    toList,
    ArrayNotEmpty({ message }),
    ArrayUnique({ message: 'names one twice' }),
    IsIn(words, { each: true, message }),
  );
}

/** Exactly one of these words. */
export function OneOf(words: readonly string[]): PropertyDecorator {
  return IsIn(words, { message: `must be ${words.join(' or ')}` });
}

export function Url(protocols: readonly ('http' | 'https')[]): PropertyDecorator {
  return IsUrl(
    { protocols: [...protocols], require_protocol: true, require_tld: false, disallow_auth: true },
    { message: `must be an ${protocols.join(' or ')} URL without credentials` },
  );
}

const toList = Transform(({ value }) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : value,
);
