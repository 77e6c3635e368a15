/** The part of a protobuf timestamp that is read. */
export interface ProtoTimestamp {
  readonly seconds?: { toNumber(): number } | null;
  readonly nanos?: number | null;
}

/** ISO 8601, UTC, with milliseconds. */
export function toIso(timestamp: ProtoTimestamp | null | undefined): string | undefined {
  if (!timestamp?.seconds) return undefined;
  return new Date(timestamp.seconds.toNumber() * 1000 + Math.floor((timestamp.nanos ?? 0) / 1e6)).toISOString();
}
