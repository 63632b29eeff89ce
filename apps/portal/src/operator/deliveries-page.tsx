import { useDeferredValue, useMemo, useState } from 'react';
import {
  Cell,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  Virtualizer,
} from 'react-aria-components';
import { useLocation } from 'wouter';
import { usePages } from '../api/use-pages.ts';
import { momentOf } from '../ui/dates.ts';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { DELIVERY_STATES, type Delivery } from '../words/deliveries.ts';

const ALL = 'all';
const STATES = [
  { value: ALL, says: 'Toutes' },
  ...(['dead', 'retrying', 'queued', 'available', 'refused', 'delivered'] as const).map((state) => ({
    value: state,
    says: DELIVERY_STATES[state],
  })),
];
const ROW = 44;

/** Every delivery, as a list of which only what is on the screen is drawn. */
export function DeliveriesPage() {
  const [state, setState] = useState(ALL);
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search);
  const [, go] = useLocation();
  const { rows, whole, problem, more } = usePages<Delivery>(
    '/v1/operations/deliveries',
    state === ALL ? '' : `state=${state}`,
  );
  const shown = useMemo(() => found(rows, words), [rows, words]);
  return (
    <main id="contenu" className="wide">
      <h1>Remises</h1>
      <Choices label="État" choices={STATES} value={state} onChange={setState} />
      <TextField
        label="Chercher"
        help="Destinataire, flux, canal, code d’erreur ou identifiant."
        value={search}
        onChange={setSearch}
      />
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      <p aria-live="polite">
        {shown.length} {shown.length > 1 ? 'remises' : 'remise'}
        {whole ? '' : ' (d’autres sont lues en faisant défiler)'}
      </p>
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: ROW, headingHeight: ROW }}>
        <Table
          className="virtual"
          aria-label="Remises"
          onRowAction={(key) => {
            const row = rows.find(({ id }) => id === key);
            if (row !== undefined) go(`/exploitation/messages/${row.messageId}`);
          }}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            if (scrollHeight - scrollTop - clientHeight < 40 * ROW) more();
          }}
        >
          <TableHeader>
            <Column isRowHeader width={230}>
              Créée le
            </Column>
            <Column>Flux</Column>
            <Column>Destinataire</Column>
            <Column>Canal</Column>
            <Column>État</Column>
            <Column width={100}>Essais</Column>
            <Column>Dernière erreur</Column>
          </TableHeader>
          <TableBody items={shown} renderEmptyState={() => <p className="empty">Aucune remise.</p>}>
            {({ id, createdAt, flow, recipient, transport, state: now, attempts, lastError }) => (
              <Row id={id}>
                <Cell>{momentOf(createdAt)}</Cell>
                <Cell>{flow}</Cell>
                <Cell>{recipient}</Cell>
                <Cell>{transport}</Cell>
                <Cell>{DELIVERY_STATES[now]}</Cell>
                <Cell>{attempts}</Cell>
                <Cell>{lastError ?? '–'}</Cell>
              </Row>
            )}
          </TableBody>
        </Table>
      </Virtualizer>
    </main>
  );
}

function found(rows: readonly Delivery[], words: string): readonly Delivery[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter(({ id, messageId, flow, recipient, transport, lastError = '' }) =>
    [id, messageId, flow, recipient, transport, lastError].some((text) => text.includes(wanted)),
  );
}
