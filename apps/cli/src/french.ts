/** Commander speaks English: its titles, its remarks on options, and what it says of a bad call, in French. */
import { type Command, type CommanderError, InvalidArgumentError, type Option } from 'commander';

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': 'Usage :',
  'Arguments:': 'Arguments :',
  'Options:': 'Options :',
  'Commands:': 'Commandes :',
};

export function inFrench(command: Command): Command {
  return command
    .helpOption('-h, --help', 'affiche cette aide')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp({
      styleTitle: (title) => TITLES[title] ?? title,
      styleUsage: (usage) => usage.replace('[command]', '[commande]'),
      optionDescription,
    });
}

/** Reads the value of an option: a number above zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('');
}

/** Reads the value of an option: a whole number, zero or above. */
export function whole(text: string): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('');
}

function optionDescription({ description, argChoices, defaultValue, required, mandatory }: Option): string {
  const remarks = [
    ...(mandatory ? ['obligatoire'] : []),
    ...(argChoices === undefined ? [] : [argChoices.join(', ')]),
    ...(required && defaultValue !== undefined ? [`défaut : ${defaultValue}`] : []),
  ];
  return remarks.length === 0 ? description : `${description} (${remarks.join(' ; ')})`;
}

/** Code of Commander → what is wrong with the word that its message quotes. */
const USAGE: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'option inconnue',
  'commander.unknownCommand': 'commande inconnue',
  'commander.missingArgument': 'argument manquant',
  'commander.optionMissingArgument': 'valeur manquante pour l’option',
  'commander.missingMandatoryOptionValue': 'option obligatoire absente',
  'commander.invalidArgument': 'valeur refusée pour l’option',
};

/** @returns undefined when the help that was printed says enough */
export function usageError({ code, message }: CommanderError): string | undefined {
  if (code === 'commander.help') return undefined;
  const word = /'([^']+)'/.exec(message)?.[1];
  const said = code === 'commander.excessArguments' ? 'trop d’arguments' : (USAGE[code] ?? 'appel incorrect');
  const named = word === undefined || code === 'commander.excessArguments' ? '' : ` : ${word}`;
  const choices = /Allowed choices are (.+)\.$/.exec(message)?.[1];
  return `relais : ${said}${named} (${choices ?? 'voir --help'})`;
}
