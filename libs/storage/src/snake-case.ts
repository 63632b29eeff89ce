/** `messageId` → `message_id`: the one naming rule between the core's fields and the columns. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
