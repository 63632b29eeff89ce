import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { ReceiptOutcome } from '#core';

/** What a recipient says of a delivery. */
export class ReceiptBody {
  @IsIn(['received', 'opened', 'filed', 'refused'])
  outcome!: ReceiptOutcome;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  detail?: string;
}
