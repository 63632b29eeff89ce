/** accepted = delivered + refused + held + dead + expired + cancelled + waiting */
export interface Ledger {
  accepted: number;
  delivered: number;
  refused: number;
  held: number;
  dead: number;
  expired: number;
  cancelled: number;
  waiting: number;
}
