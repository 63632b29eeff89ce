const HEIGHT = 28;
const STEP = 5;

/** Hours as bars, small enough for a row; the figures are in words for whoever does not see them. */
export function Bars({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values);
  return (
    <svg className="bars" width={values.length * STEP} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1="0" x2={values.length * STEP} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {values.map((value, n) => {
        const height = Math.round((value / most) * (HEIGHT - 2));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an hour stands where it stands
          <rect key={n} x={n * STEP} y={HEIGHT - 1 - height} width={STEP - 1} height={height} />
        );
      })}
    </svg>
  );
}
