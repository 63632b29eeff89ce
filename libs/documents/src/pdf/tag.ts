import type { Canvas } from './canvas.ts';

/** The tag tree. An element comes into being with its first content, so the tree follows the order of reading. */
export class Tag {
  readonly #canvas: Canvas;
  readonly #parent: Tag | undefined;
  readonly #type: string;
  readonly #options: PDFKit.Mixins.StructureElementOptions;
  #element: PDFKit.PDFStructureElement | undefined;

  constructor(
    canvas: Canvas,
    type: string,
    options: PDFKit.Mixins.StructureElementOptions = {},
    parent?: Tag,
  ) {
    this.#canvas = canvas;
    this.#type = type;
    this.#options = options;
    this.#parent = parent;
  }

  child(type: string, options: PDFKit.Mixins.StructureElementOptions = {}): Tag {
    return new Tag(this.#canvas, type, options, this);
  }

  /** what `draw` draws now, on this page, belongs to this element */
  content(draw: () => void): void {
    this.#open().add(draw);
  }

  #open(): PDFKit.PDFStructureElement {
    if (this.#element === undefined) {
      this.#element = this.#canvas.doc.struct(this.#type, this.#options);
      if (this.#parent === undefined) this.#canvas.doc.addStructure(this.#element);
      else this.#parent.#open().add(this.#element);
    }
    return this.#element;
  }
}
