/** What workers and employers send by their pages. `key` is drawn by the page, one a form: the same form twice is one message. */
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

class PeriodBody {
  @IsOptional()
  @Matches(DAY)
  from?: string;

  @IsOptional()
  @Matches(DAY)
  until?: string;
}

/** POST /v1/my/copy-requests */
export class CopyRequestBody {
  @Matches(UUID)
  key!: string;

  @Length(1, 64)
  service!: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PeriodBody)
  period?: PeriodBody;

  @IsOptional()
  @IsIn(['ELECTRONIQUE', 'PAPIER'])
  channel?: 'ELECTRONIQUE' | 'PAPIER';
}

/** POST /v1/employer/declarations/check: the lines are judged by the contract, each at its place. */
export class DeclarationCheckBody {
  @Length(1, 64)
  service!: string;

  @IsIn(['EMPLOYEUR', 'MANDATAIRE'])
  capacity!: 'EMPLOYEUR' | 'MANDATAIRE';

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2_000)
  @IsObject({ each: true })
  lines!: Record<string, unknown>[];
}

/** POST /v1/employer/declarations */
export class DeclarationBody extends DeclarationCheckBody {
  @Matches(UUID)
  key!: string;
}
