/** Who: the strip on top of page one, and its one-line form on the pages that follow. */
import type { DocumentModel } from '#core';
import type { Area } from './area.ts';
import { datamatrix, drawDatamatrix } from './datamatrix.ts';
import { DocumentTooLong } from './document-too-long.ts';
import type { Strip } from './flow.ts';
import {
  AUDIENCES,
  BORN,
  day,
  identityStatus,
  insMissing,
  matricule,
  matriculeKind,
  qualifiedIns,
  SEX,
} from './french.ts';
import { CONTENT_WIDTH, INK, PAGE, RULE, STYLES, type Style, WASH } from './theme.ts';

type Identity = DocumentModel['identity'];

interface Field {
  label: string;
  value: string;
  style: Style;
  /** of twelve */
  span: number;
}

const PAD = 9;
const SYMBOL_SIDE = 92;
const CAPTION_GAP = 3;
const TALLEST = 320;

export function identityStrip(identity: Identity, area: Area): Strip {
  const { canvas, x, width } = area;
  const ins = qualifiedIns(identity);
  const symbol =
    ins !== undefined && identity.insDatamatrix !== undefined
      ? datamatrix(identity.insDatamatrix)
      : undefined;
  const textWidth = width - 2 * PAD - (symbol === undefined ? 0 : SYMBOL_SIDE + PAD);
  const caption = canvas.lineHeight(STYLES.caption);
  const list = area.tag.child('L');
  const placed: { field: Field; lines: string[]; x: number; y: number }[] = [];
  let y = PAD;
  for (const row of rowsOf(identity)) {
    let column = 0;
    let tall = 0;
    for (const field of row) {
      const lines = canvas.lines(field.value, (textWidth * field.span) / 12 - 8, field.style);
      placed.push({ field, lines, x: x + PAD + (textWidth * column) / 12, y });
      column += field.span;
      tall = Math.max(tall, lines.length * canvas.lineHeight(field.style));
    }
    y += caption + tall + 5;
  }
  const symbolHeight = symbol === undefined ? 0 : SYMBOL_SIDE + CAPTION_GAP + caption + 2 * PAD - 4;
  const height = Math.max(y + PAD - 5, symbolHeight);
  if (height > TALLEST) throw new DocumentTooLong('document.identity-too-long');

  return {
    height,
    draw: (top) => {
      canvas.artifact(() => canvas.box(x, top, width, height, { fill: WASH, stroke: INK, line: 0.9 }));
      for (const { field, lines, x: left, y: down } of placed) {
        const item = list.child('LI');
        item.child('Lbl').content(() => canvas.line(field.label, left, top + down, STYLES.caption));
        item.child('LBody').content(() => canvas.stack(lines, left, top + down + caption, field.style));
      }
      if (symbol === undefined) return;
      const left = x + width - PAD - SYMBOL_SIDE + 2;
      const upper = top + (height - SYMBOL_SIDE - CAPTION_GAP - caption) / 2;
      const figure = area.tag.child('Figure', {
        alt: 'Datamatrix INS à scanner : identité et matricule INS de ce document',
        bbox: [left, upper, left + SYMBOL_SIDE, upper + SYMBOL_SIDE],
      });
      figure.content(() => drawDatamatrix(canvas, symbol, left, upper, SYMBOL_SIDE));
      const text = 'INS à scanner';
      const middle = left + (SYMBOL_SIDE - canvas.width(text, STYLES.caption)) / 2;
      area.tag
        .child('Caption')
        .content(() => canvas.line(text, middle, upper + SYMBOL_SIDE + CAPTION_GAP, STYLES.caption));
    },
  };
}

function rowsOf(identity: Identity): Field[][] {
  const ins = qualifiedIns(identity);
  const { body, strong, name } = STYLES;
  const used: Field[] =
    identity.usedName === undefined
      ? []
      : [{ label: 'Nom utilisé', value: identity.usedName, style: body, span: 12 }];
  const mark = identity.attributes.length > 0 || ins === undefined ? strong : body;
  return [
    [
      { label: 'Nom de naissance', value: identity.birthName, style: name, span: 6 },
      { label: 'Prénom(s) de naissance', value: identity.firstNames.join(' '), style: name, span: 6 },
    ],
    used,
    [
      { label: 'Date de naissance', value: day(identity.birthDate), style: strong, span: 4 },
      { label: 'Sexe', value: SEX[identity.sex], style: body, span: 3 },
      {
        label: 'Lieu de naissance (code INSEE)',
        value: identity.birthPlace ?? 'non transmis',
        style: body,
        span: 5,
      },
    ],
    [
      { label: 'Statut de l’identité', value: identityStatus(identity), style: mark, span: ins ? 4 : 6 },
      ins === undefined
        ? { label: 'Matricule INS', value: insMissing(identity), style: strong, span: 6 }
        : {
            label: `Matricule INS (${matriculeKind(ins.oid)})`,
            value: matricule(ins),
            style: strong,
            span: 8,
          },
    ],
  ].filter((row) => row.length > 0);
}

/** One line on every page but the first: a loose sheet still says whose it is, and for whom. */
export function repeatedHeader(model: DocumentModel, area: Area): { height: number; draw(y: number): void } {
  const { identity } = model;
  const { canvas } = area;
  const ins = qualifiedIns(identity);
  const who = [
    `${identity.birthName} ${identity.firstNames.join(' ')}`,
    `${SEX[identity.sex]}, ${BORN[identity.sex]} le ${day(identity.birthDate)}`,
    ins === undefined ? insMissing(identity) : `INS ${matricule(ins)} (${matriculeKind(ins.oid)})`,
    `Identité ${identityStatus(identity).toLowerCase()}`,
  ].join('  ·  ');
  const lines = canvas.lines(who, CONTENT_WIDTH, STYLES.strong);
  const line = canvas.lineHeight(STYLES.strong);
  const under = `${model.title} — ${AUDIENCES[model.audience].short}`;
  const small = canvas.lineHeight(STYLES.caption);
  const [title = ''] = canvas.lines(under, CONTENT_WIDTH, STYLES.caption);
  const height = lines.length * line + small + 16;
  return {
    height,
    draw: (y) => {
      canvas.stack(lines, PAGE.left, y, STYLES.strong);
      canvas.line(title, PAGE.left, y + lines.length * line + 1, STYLES.caption);
      canvas.rule(PAGE.left, y + height - 10, CONTENT_WIDTH, RULE, 0.8);
    },
  };
}
