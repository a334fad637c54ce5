/** Arithmetic on decimals kept as digits: an amount must not pass through binary fractions. */
export function addDecimals(left: string, right: string): string {
  const scale = Math.max(scaleOf(left), scaleOf(right));
  return fromUnits(toUnits(left, scale) + toUnits(right, scale), scale);
}

/** The product, rounded half away from zero to `scale` digits. */
export function multiplyDecimals(left: string, right: string, scale: number): string {
  const full = scaleOf(left) + scaleOf(right);
  return roundUnits(toUnits(left, scaleOf(left)) * toUnits(right, scaleOf(right)), full, scale);
}

export function divideDecimal(dividend: string, divisor: number, scale: number): string {
  const extra = scale + 1;
  return roundUnits(
    (toUnits(dividend, scaleOf(dividend)) * 10n ** BigInt(extra)) / BigInt(divisor),
    scaleOf(dividend) + extra,
    scale,
  );
}

/** Negative, zero or positive as `left` is less than, equal to or greater than `right`. */
export function compareDecimals(left: string, right: string): number {
  // Up to 15 digits a double tells any two decimals apart, and parsing one is many times cheaper than a bigint.
  if (left.length <= 15 && right.length <= 15) return Number(left) - Number(right);
  const scale = Math.max(scaleOf(left), scaleOf(right));
  const difference = toUnits(left, scale) - toUnits(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function scaleOf(decimal: string): number {
  const point = decimal.indexOf(".");
  return point < 0 ? 0 : decimal.length - point - 1;
}

function toUnits(decimal: string, scale: number): bigint {
  return BigInt(decimal.replace(".", "")) * 10n ** BigInt(scale - scaleOf(decimal));
}

function fromUnits(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function roundUnits(units: bigint, from: number, to: number): string {
  if (from <= to) return fromUnits(units * 10n ** BigInt(to - from), to);
  const step = 10n ** BigInt(from - to);
  const half = units < 0n ? -step / 2n : step / 2n;
  return fromUnits((units + half) / step, to);
}
