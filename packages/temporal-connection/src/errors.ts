/** The Temporal settings (environment, config file, profile) cannot be used. Nothing was contacted. */
export class TemporalConfigError extends Error {
  override readonly name = 'TemporalConfigError';
}

/** No Temporal server answers at the address. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  /** `host:port`. */
  readonly address: string;

  constructor(address: string, timeoutMs: number, cause: unknown) {
    super(
      `No Temporal server answers at ${address} (waited ${timeoutMs} ms). Start one with "npm run dev", or set ` +
        'TEMPORAL_ADDRESS to a server that runs. If it does run, check that TEMPORAL_TLS or TEMPORAL_API_KEY fit: ' +
        'a server that wants TLS does not answer without it, and the other way round.',
      { cause },
    );
    this.address = address;
  }
}

/** A Temporal server answers and refuses the credentials. */
export class TemporalAccessDeniedError extends Error {
  override readonly name = 'TemporalAccessDeniedError';
  readonly address: string;

  constructor(address: string, cause: unknown) {
    super(
      `The Temporal server at ${address} refuses the credentials. Check TEMPORAL_API_KEY, TEMPORAL_NAMESPACE and the ` +
        'TEMPORAL_TLS_CLIENT_* settings.',
      { cause },
    );
    this.address = address;
  }
}

/** A search attribute exists in the namespace with another type. Types cannot be changed. */
export class SearchAttributeTypeError extends Error {
  override readonly name = 'SearchAttributeTypeError';
  readonly namespace: string;

  constructor(namespace: string, conflicts: readonly { name: string; wanted: string; found: string }[]) {
    const list = conflicts.map((entry) => `${entry.name} is ${entry.found}, wanted ${entry.wanted}`).join('; ');
    super(
      `Search attributes of namespace ${namespace} have another type: ${list}. A type cannot be changed: remove the ` +
        'attribute ("temporal operator search-attribute remove"), or use another namespace.',
    );
    this.namespace = namespace;
  }
}

/** The server does not let this client create search attributes, as Temporal Cloud does not. */
export class SearchAttributesRefusedError extends Error {
  override readonly name = 'SearchAttributesRefusedError';
  readonly namespace: string;
  /** `Name=TYPE`, one entry an attribute. */
  readonly attributes: readonly string[];

  constructor(namespace: string, attributes: readonly string[], cause: unknown) {
    super(
      `The Temporal server does not let this client set up search attributes in namespace ${namespace}. On Temporal ` +
        'Cloud create them in the Cloud UI (namespace, Search Attributes), with "tcld namespace search-attributes add", ' +
        `or with the Terraform provider: ${attributes.join(', ')}.`,
      { cause },
    );
    this.namespace = namespace;
    this.attributes = attributes;
  }
}

/** Search attributes were created and did not show up in time. */
export class SearchAttributesNotListedError extends Error {
  override readonly name = 'SearchAttributesNotListedError';

  constructor(namespace: string, missing: readonly string[], waitedMs: number, cause?: unknown) {
    super(
      `Search attributes ${missing.join(', ')} are not listed in namespace ${namespace} after ${waitedMs} ms. ` +
        'Run the set-up again; if it stays so, look at the log of the Temporal server.',
      { cause },
    );
  }
}
