/**
 * Key ring for the demo, for tests and for development, in the form of `PAYLOAD_ENCRYPTION_KEYS`. It is public, so it
 * protects nothing: it is there so that the encrypted path is the one that is run every day. Refused when `NODE_ENV` is
 * `production`. The bytes are the SHA-256 digest of "scim-onboarding development key".
 */
export const DEVELOPMENT_KEYS = 'development:rBZlxXRqF96n/drAteMT6ODE58puDo22l33kdsMQn2A=';
