import { XmlCData, XmlComment, XmlElement, XmlText } from 'libxml2-wasm';
import type { Shape } from './shapes.ts';

/** What is wrong with a request, said by place and rule, never by value. */
export class BadRequest extends Error {}

/** @throws BadRequest at the first thing that is not as the shape says */
export function checkShape(element: XmlElement, shape: Shape, path = ''): void {
  const here = `${path}/${element.name}`;
  if (element.name !== shape.name || element.namespaceUri !== shape.namespace) {
    throw new BadRequest(`${here}: expected {${shape.namespace}}${shape.name}`);
  }
  checkAttributes(element, shape, here);
  if (shape.value !== undefined) {
    if (!shape.value.test(textOf(element))) throw new BadRequest(`${here}: value`);
    return;
  }
  const children = elementsOf(element);
  let next = 0;
  for (const expected of shape.sequence ?? []) {
    let count = 0;
    while (isNamed(children[next], expected) && count < (expected.max ?? 1)) {
      checkShape(children[next] as XmlElement, expected, here);
      next += 1;
      count += 1;
    }
    if (count < (expected.min ?? 1)) throw new BadRequest(`${here}: expected ${expected.name} here`);
  }
  if (next < children.length) throw new BadRequest(`${here}: unexpected ${children[next]?.name}`);
}

function checkAttributes(element: XmlElement, shape: Shape, here: string): void {
  const expected = new Map(Object.entries(shape.attributes ?? {}));
  for (const { name, namespaceUri, value } of element.attrs) {
    const pattern = namespaceUri === '' ? expected.get(name) : undefined;
    if (pattern === undefined || !pattern.test(value)) throw new BadRequest(`${here}: attribute ${name}`);
    expected.delete(name);
  }
  for (const name of shape.optionalAttributes ?? []) expected.delete(name);
  if (expected.size > 0) throw new BadRequest(`${here}: attribute ${[...expected.keys()].join()} missing`);
}

function isNamed(element: XmlElement | undefined, shape: Shape): boolean {
  return element !== undefined && element.name === shape.name && element.namespaceUri === shape.namespace;
}

/** Child elements; any text beside them is refused. */
export function elementsOf(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
    else if (node instanceof XmlText && node.content.trim() === '') continue;
    else if (!(node instanceof XmlComment)) throw new BadRequest(`${parent.name}: text between elements`);
  }
  return found;
}

export function textOf(element: XmlElement): string {
  let value = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (!(node instanceof XmlText || node instanceof XmlCData))
      throw new BadRequest(`${element.name}: not only text`);
    value += node.content;
  }
  return value;
}
