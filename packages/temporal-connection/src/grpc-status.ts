/** Status codes of gRPC that decide what is told to the user. Source: https://grpc.io/docs/guides/status-codes/ */
export const GRPC_STATUS = {
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** Code of a gRPC error, also when the SDK has wrapped it; `undefined` for any other error. */
export function grpcStatus(error: unknown): number | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'number') return current.code;
  }
  return undefined;
}
