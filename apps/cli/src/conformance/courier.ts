import type { Parcel } from './make-parcel.ts';

/** What became of one parcel. */
export interface Told {
  /** `later`: Relais would try again; `cut`: no answer on that connection; `silent`: nothing in time */
  outcome: 'taken' | 'refused' | 'later' | 'cut' | 'silent';
  /** French, what was seen */
  got: string;
}

/** The way to a vendor's software, as the broker takes it. */
export interface Courier {
  /** whether anybody is there at all; `thumbprint` of the server certificate shown, where there is one */
  reach(): Promise<{ there: boolean; got: string; thumbprint?: string }>;
  offer(parcel: Parcel, how: { anonymous?: boolean; expects: 'taken' | 'refused' }): Promise<Told>;
  /** what was said since of a parcel that met silence; only where silence is an answer */
  since?(parcel: Parcel): Promise<Told>;
  close(): Promise<void>;
}
