/** Origin of the people port as browsers see it: known once it listens. */
export class PublicOrigin {
  #origin = 'http://localhost';

  set(origin: string): void {
    this.#origin = origin;
  }

  readonly get = (): string => this.#origin;
}
