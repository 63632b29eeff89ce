import type { Api } from '../api/schemas.ts';
import { calendarDay } from '../ui/dates.ts';
import { type Column, Listing } from '../ui/listing.tsx';
import { ORDER, OUTCOMES } from '../words/outcomes.ts';

type Week = Api['HeldStatistics']['weeks'][number];

const HEIGHT = 120;
/** above a bar, for its figure */
const ROOM = 16;
/** a year of weeks still fits the page */
const STEPS = { few: 40, many: 16, manyFrom: 16 };

const COLUMNS: readonly Column<Week>[] = [
  { title: 'Semaine du', of: ({ monday }) => calendarDay(monday) },
  ...ORDER.map((outcome) => ({ title: OUTCOMES[outcome], of: (week: Week) => week[outcome] })),
];

/** What was settled, week after week: one bar a week, outcomes told apart by their texture. The same stands in a table. */
export function Weeks({ weeks }: { weeks: readonly Week[] }) {
  const step = weeks.length < STEPS.manyFrom ? STEPS.few : STEPS.many;
  const width = weeks.length * step;
  const most = Math.max(1, ...weeks.map(totalOf));
  const [first, last] = [weeks[0], weeks.at(-1)];
  return (
    <figure>
      <figcaption>Tranchés par semaine</figcaption>
      <svg
        className="plot"
        width={width}
        viewBox={`0 0 ${width} ${HEIGHT + ROOM}`}
        role="img"
        aria-label="Messages tranchés par semaine ; les chiffres sont dans le tableau qui suit"
      >
        <Textures />
        {weeks.map((week, n) => (
          <Bar key={week.monday} week={week} x={n * step} width={step - 4} scale={HEIGHT / most} />
        ))}
        <line x1="0" x2={width} y1={HEIGHT + ROOM - 0.5} y2={HEIGHT + ROOM - 0.5} />
      </svg>
      {first !== undefined && last !== undefined && (
        <p className="quiet">
          De la semaine du {calendarDay(first.monday)} à celle du {calendarDay(last.monday)}.
        </p>
      )}
      <ul className="plain row">
        {ORDER.map((outcome) => (
          <li key={outcome}>
            <svg className="plot" width="20" height="14" aria-hidden="true">
              <rect className={outcome} x="1" y="1" width="18" height="12" />
            </svg>{' '}
            {OUTCOMES[outcome]}
          </li>
        ))}
      </ul>
      <details>
        <summary>Semaine par semaine, en tableau</summary>
        <Listing
          caption="Tranchés par semaine"
          columns={COLUMNS}
          rows={weeks}
          keyOf={({ monday }) => monday}
          figures
        />
      </details>
    </figure>
  );
}

/** Read in grey, and by whoever sees no colour. */
function Textures() {
  return (
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="ground" width="6" height="6" />
        <rect className="stroke" width="2.5" height="6" />
      </pattern>
    </defs>
  );
}

function Bar({ week, x, width, scale }: { week: Week; x: number; width: number; scale: number }) {
  const total = totalOf(week);
  let top = HEIGHT + ROOM;
  const stacked = ORDER.map((outcome) => {
    const height = week[outcome] * scale;
    top -= height;
    return { outcome, y: top, height };
  });
  return (
    <g>
      {stacked
        .filter(({ height }) => height > 0)
        .map(({ outcome, y, height }) => (
          <rect key={outcome} className={outcome} x={x + 2} y={y} width={width} height={height} />
        ))}
      {total > 0 && (
        <text x={x + 2 + width / 2} y={top - 4} textAnchor="middle">
          {total}
        </text>
      )}
    </g>
  );
}

function totalOf(week: Week): number {
  return ORDER.reduce((sum, outcome) => sum + week[outcome], 0);
}
