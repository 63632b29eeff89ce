/** What an operator looks at: a real scrape of a running broker, the dashboard and the alert rules on it, the runbook behind each alert. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ERROR_CODES } from '#core';
import { aSample, binary, REQUEST } from '../builders/intake.ts';
import { mailbox } from '../builders/portability.ts';
import { aRelais, ask, eventually, type TestRelais } from '../builders/relais.ts';
import { judgedBy, run } from '../peers/programs.ts';

const ROOT = join(import.meta.dirname, '../..');
const OPS = join(ROOT, 'ops');
const RULES = join(OPS, 'prometheus/relais.rules.yaml');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

interface Panel {
  id: number;
  title: string;
  type: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(readFileSync(join(OPS, 'grafana/relais.json'), 'utf8')) as {
  uid: string;
  panels: Panel[];
};
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

let relais: TestRelais;
let scrape = '';

const scraped = async () => (await ask(`${relais.healthUrl}/metrics`)).bytes.toString();
/** value of a series, its labels in any order */
const sample = (name: string, labels: Record<string, string> = {}) => {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = scrape
    .split('\n')
    .find((one) => one.startsWith(name) && wanted.every((label) => one.includes(label)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
};

beforeAll(async () => {
  relais = await aRelais();
  const send = (headers: Record<string, string>, body: Buffer | string) =>
    relais.as('spsti-b')('/v1/messages', { headers, body });
  for (let n = 0; n < 3; n++) expect((await send(binary(), REQUEST)).status).toBe(202);
  expect((await send(binary(), '{}')).status).toBe(422);
  expect((await send(binary({ type: 'fr.relais-st.jean-dupont.x.v1' }), '{}')).status).toBe(422);
  const asked = { headers: { 'content-type': 'application/json' }, body: aSample('insi', 'search.adrun') };
  expect((await relais.as('spsti-b')('/v1/insi/search', asked)).status).toBe(200);
  const shown = await eventually(async () => {
    const events = await mailbox(relais, 'spsti-a');
    return events.length === 3 && events;
  });
  const receipt = { method: 'POST', body: JSON.stringify({ outcome: 'received' }) };
  const headers = { 'content-type': 'application/json' };
  const path = `/v1/mailbox/${String(shown[0]?.['relaisdelivery'])}/receipt`;
  expect((await relais.as('spsti-a')(path, { ...receipt, headers })).status).toBe(200);
  // the count of all units goes on beside the scrapes, the seal every fifth of a second
  scrape = await eventually(async () => {
    const text = await scraped();
    return /relais_units_age_seconds \d/.test(text) && /relais_last_seal_seconds \d/.test(text) && text;
  });
}, 60_000);
afterAll(() => relais.close());

describe('a scrape', () => {
  it('counts what was accepted, refused and why, shown and received', () => {
    expect(sample('relais_accepted_total', { flow: 'dmst-portability' })).toBe(3);
    expect(sample('relais_accepted_total', { flow: 'insi' })).toBe(1);
    const refused = { flow: 'dmst-portability', code: 'content.invalid' };
    expect(sample('relais_refused_total', refused)).toBe(1);
    expect(sample('relais_refused_total', { flow: 'none', code: 'flow.unknown' })).toBe(1);
    expect(sample('relais_problems_total', { code: 'content.invalid' })).toBe(1);
    expect(sample('relais_deliveries_total', { recipient: 'spsti-a', outcome: 'available' })).toBe(3);
    expect(sample('relais_deliveries_total', { recipient: 'spsti-a', outcome: 'received' })).toBe(1);
    expect(sample('relais_deliveries_total', { recipient: 'spsti-a', outcome: 'dead' })).toBe(0);
    expect(sample('relais_waiting_deliveries', { recipient: 'spsti-a' })).toBe(2);
  });

  it('times the steps, and the whole way', () => {
    const accepted = { flow: 'dmst-portability', outcome: 'accepted' };
    expect(sample('relais_accept_seconds_count', accepted)).toBe(3);
    expect(sample('relais_accept_seconds_bucket{le="+Inf"', accepted)).toBe(3);
    expect(sample('relais_accept_seconds_count', { flow: 'none', outcome: 'refused' })).toBe(1);
    expect(sample('relais_end_to_end_seconds_count', { flow: 'dmst-portability' })).toBe(1);
    expect(sample('relais_attempt_seconds_count', { transport: 'insi', outcome: 'received' })).toBe(1);
  });

  it('tells of INSi, readiness, roles, seals, disk', () => {
    expect(sample('relais_insi_calls_total', { operation: 'search', outcome: 'found' })).toBe(1);
    expect(sample('relais_insi_circuit_open')).toBe(0);
    expect(sample('relais_ready', { check: 'writer' })).toBe(1);
    expect(sample('relais_queue_up')).toBe(1);
    expect(sample('relais_role', { role: 'deliver' })).toBe(1);
    expect(sample('relais_last_seal_seconds')).toBeLessThan(30);
    const free = sample('relais_disk_free_bytes') ?? 0;
    expect(free).toBeGreaterThan(0);
    expect(sample('relais_disk_bytes')).toBeGreaterThan(free);
  });

  it('names no type of a sender’s own words', () => {
    expect(scrape).not.toContain('dupont');
  });

  it('has a bounded number of series', () => {
    expect(scrape.split('\n').filter((line) => line.startsWith('relais_')).length).toBeLessThan(1_500);
  });
});

/** Told only when there is something to tell: declared, and empty in a scrape of a quiet day. */
const SELDOM = [
  ...['relais_held_total', 'relais_overdue_exchanges', 'relais_lane_late_seconds'],
  // where no service has a mailbox
  ...['relais_mssante_sent_total', 'relais_mssante_documents_received_total', 'relais_mssante_mailbox_open'],
];

describe('the dashboard and the alerts', () => {
  it('speak of metrics that a running broker has', () => {
    const names = new Set<string>();
    for (const [, expr] of expressions)
      for (const [name] of expr.matchAll(/\b(?:relais|nodejs|process)_[a-z0-9_]+\b/g)) names.add(name);
    expect(names.size).toBeGreaterThan(30);
    const missing = [...names].filter((name) => {
      const metric = name.replace(/_(bucket|count|sum)$/, '');
      const told = new RegExp(`^${name}[ {]`, 'm').test(scrape);
      const declared = new RegExp(`^# TYPE (${name}|${metric}) `, 'm').test(scrape);
      return !declared || (!told && !SELDOM.includes(metric));
    });
    expect(missing).toEqual([]);
  });

  it('show every metric of ours somewhere', () => {
    const ours = [...scrape.matchAll(/^# TYPE (relais_[a-z_]+) /gm)].map(([, name = '']) => name);
    const unused = ours.filter((name) => !expressions.some(([, expr]) => expr.includes(name)));
    expect(unused).toEqual([]);
  });

  it('speak of codes that there are', () => {
    const codes = expressions.flatMap(([, expr]) =>
      [...expr.matchAll(/\b(?:code|outcome)=~?"([^"]+)"/g)]
        .flatMap(([, value = '']) => value.replaceAll('[.]', '.').split('|'))
        .filter((value) => value.includes('.') || value === 'internal'),
    );
    expect(codes.length).toBeGreaterThan(5);
    expect(codes.filter((code) => !Object.hasOwn(ERROR_CODES, code))).toEqual([]);
  });

  it('each panel says what it shows, and none lies on another', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const shown = panels.filter(({ type }) => type !== 'row');
    for (const { title, description, targets = [] } of shown) {
      expect(description, title).toMatch(/\.$/);
      expect(targets.length, title).toBeGreaterThan(0);
    }
    const taken = new Set<string>();
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
    }
  });

  it('each alert says what to do, under its own name', () => {
    const manual = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const anchors = [...manual.matchAll(/^#{2,4} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    );
    for (const { alert, labels, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      expect(anchors).toContain(alert.toLowerCase());
      expect(['page', 'ticket', 'note']).toContain(labels.severity);
    }
    const explained = [...manual.matchAll(/^#+ (Relais[A-Z]\w+)$/gm)].map(([, name]) => name);
    expect(explained.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });
});

judgedBy(['promtool'], 'Prometheus', () => {
  const tests = join(OPS, 'prometheus/relais.rules.test.yaml');

  it('takes the rules', () => {
    expect(run('promtool', ['check', 'rules', RULES]).toString()).toContain(`${rules.length} rules found`);
  });

  it('raises each alert when its cause lasts, and none on an ordinary day', () => {
    expect(run('promtool', ['test', 'rules', tests]).toString()).toContain('SUCCESS');
  });

  it('finds nothing wrong with what is ours in a scrape', () => {
    // the usual ones of Node.js have names that their makers chose
    const ours = scrape.split('\n').filter((line) => /^(# \w+ )?relais_/.test(line));
    expect(ours.length).toBeGreaterThan(100);
    expect(run('promtool', ['check', 'metrics'], `${ours.join('\n')}\n`).toString()).toBe('');
  });

  it('understands every expression of the dashboard', () => {
    const groups = {
      groups: [
        {
          name: 'dashboard',
          rules: dashboard.panels.flatMap(({ targets = [] }, panel) =>
            targets.map(({ expr }, n) => ({
              record: `dashboard:panel_${panel}:target_${n}`,
              expr: expr.replaceAll('$__rate_interval', '5m'),
            })),
          ),
        },
      ],
    };
    const folder = join(ROOT, 'var/test');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `dashboard-${process.pid}.json`);
    writeFileSync(file, JSON.stringify(groups));
    expect(run('promtool', ['check', 'rules', file]).toString()).toContain(
      `${groups.groups[0]?.rules.length} rules found`,
    );
  });
});

it('what a newcomer finds in ops/ is all there is', () => {
  expect(readdirSync(OPS).toSorted()).toEqual(['README.md', 'grafana', 'prometheus']);
});
