/**
 * - `breaks-after`: the connection is cut once so many more bytes were written
 * - `silent`: requests are taken and never answered
 * - `full`: whatever is written fails, as on a full disk
 * - `loses-answer`: the last file of a deposit gets its name, and the connection is cut before that is said
 * - `endless`: a folder whose names never end
 * - `lists`: a folder says that it holds these names
 * - `understates`: files are said to hold one byte
 */
export type Misbehaviour =
  | { 'breaks-after': number }
  | { lists: readonly string[] }
  | 'silent'
  | 'full'
  | 'loses-answer'
  | 'endless'
  | 'understates';
