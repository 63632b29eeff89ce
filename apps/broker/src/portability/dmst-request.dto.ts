import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

class InsBody {
  @Matches(/^[0-9]{5}(?:[0-9]{2}|2[ABab])[0-9]{6}$/)
  value!: string;

  @Matches(/^[0-9]{2}$/)
  key!: string;

  @IsString()
  @MaxLength(32)
  oid!: string;
}

export class TraitsBody {
  @IsString()
  @MaxLength(100)
  birthName!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  firstNames!: string[];

  @IsIn(['M', 'F', 'I'])
  sex!: 'M' | 'F' | 'I';

  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  birthDate!: string;

  @IsOptional()
  @Matches(/^[0-9][0-9AB][0-9]{3}$/)
  birthPlace?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  usedName?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  usedFirstName?: string;
}

/** IsObject, because ValidateNested alone lets a list pass. */
class WorkerBody {
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => InsBody)
  ins?: InsBody;

  @IsObject()
  @ValidateNested()
  @Type(() => TraitsBody)
  traits!: TraitsBody;
}

/** POST /v1/dmst-requests. The record of information and non-opposition has its own code when it is missing. */
export class DmstRequestBody {
  @IsObject()
  @ValidateNested()
  @Type(() => WorkerBody)
  worker!: WorkerBody;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsString({ each: true })
  sources!: string[];

  @IsOptional()
  @IsISO8601({ strict: true })
  informedAt?: string;

  @IsOptional()
  nonOpposition?: unknown;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  recordedBy?: string;

  @IsOptional()
  @IsIn(['AN', 'CC', 'CE', 'CM', 'CN', 'CS', 'LE', 'PA', 'PC', 'TC', 'DC', 'AC', 'IE'])
  evidenceSeen?: string;
}

export class CancelBody {
  @IsIn(['opposition', 'error'])
  reason!: 'opposition' | 'error';
}
