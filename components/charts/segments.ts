/** A piece of a line without a gap, in a square of 100 by 100. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** As `points` of a polyline. */
  readonly points: string;
}

const rounded = (value: number) => Number(value.toFixed(2));

/** Cut a line where values are not known; each value stands in the middle of its time. */
export function segments(values: readonly (number | null)[], most: number): readonly Segment[] {
  const pieces: [number, number][][] = [];
  let open = false;
  values.forEach((value, at) => {
    if (value === null) {
      open = false;
      return;
    }
    if (!open) pieces.push([]);
    open = true;
    const x = rounded(((at + 0.5) / values.length) * 100);
    pieces.at(-1)?.push([x, rounded(100 - (value / most) * 100)]);
  });
  return pieces.map((piece) => {
    // A value alone is drawn as wide as its time, or nothing would be seen of it.
    const [x = 0, y = 0] = piece[0] ?? [];
    const half = 50 / values.length;
    const drawn =
      piece.length > 1
        ? piece
        : [
            [rounded(x - half), y],
            [rounded(x + half), y],
          ];
    return {
      from: drawn[0]?.[0] ?? 0,
      to: drawn.at(-1)?.[0] ?? 0,
      points: drawn.map((point) => point.join(',')).join(' '),
    };
  });
}
