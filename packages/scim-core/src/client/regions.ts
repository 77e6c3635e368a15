/** A region of Genesys Cloud. */
export interface Region {
  /** Name of the AWS region that it runs in. */
  readonly aws: string;
  /** What `GENESYS_REGION` is set to. */
  readonly domain: string;
}

/** The regions of Genesys Cloud, as the vendor's JavaScript SDK 262.0.0 lists them (`PureCloudRegionHosts.js`). */
export const REGIONS: readonly Region[] = [
  { aws: 'us-east-1', domain: 'mypurecloud.com' },
  { aws: 'us-east-2', domain: 'use2.us-gov-pure.cloud' },
  { aws: 'us-west-2', domain: 'usw2.pure.cloud' },
  { aws: 'ca-central-1', domain: 'cac1.pure.cloud' },
  { aws: 'mx-central-1', domain: 'mxc1.pure.cloud' },
  { aws: 'sa-east-1', domain: 'sae1.pure.cloud' },
  { aws: 'eu-west-1', domain: 'mypurecloud.ie' },
  { aws: 'eu-west-2', domain: 'euw2.pure.cloud' },
  { aws: 'eu-central-1', domain: 'mypurecloud.de' },
  { aws: 'eu-central-2', domain: 'euc2.pure.cloud' },
  { aws: 'eusc-de-east-1', domain: 'edee1.eusc-pure.cloud' },
  { aws: 'me-central-1', domain: 'mec1.pure.cloud' },
  { aws: 'ap-south-1', domain: 'aps1.pure.cloud' },
  { aws: 'ap-southeast-1', domain: 'apse1.pure.cloud' },
  { aws: 'ap-southeast-2', domain: 'mypurecloud.com.au' },
  { aws: 'ap-northeast-1', domain: 'mypurecloud.jp' },
  { aws: 'ap-northeast-2', domain: 'apne2.pure.cloud' },
  { aws: 'ap-northeast-3', domain: 'apne3.pure.cloud' },
];

/** The API host of a region domain. */
export function apiUrl(domain: string): string {
  return `https://api.${domain}`;
}

/** The login host of a region domain. A token is asked for here. */
export function loginUrl(domain: string): string {
  return `https://login.${domain}`;
}

/**
 * What is wrong with a region, with the one that was probably meant. The client secret is sent to a host made of it, so a domain
 * that is no region is refused; and a wrong region looks like a wrong secret (`invalid_client`).
 *
 * @returns undefined if it is a region domain
 */
export function regionProblem(value: string): string | undefined {
  if (REGIONS.some((region) => region.domain === value)) return undefined;
  const byAws = REGIONS.find((region) => region.aws === value.toLowerCase());
  if (byAws !== undefined) return `must be a domain, not an AWS region: use ${byAws.domain}`;
  const host = value.toLowerCase().replace(/^(?:api|login|apps)\./u, '');
  return `is not a region of Genesys Cloud; did you mean ${nearestRegion(host).domain}? For another host set GENESYS_API_URL and GENESYS_LOGIN_URL`;
}

function nearestRegion(value: string): Region {
  const distances = REGIONS.map((region) => ({ region, distance: editDistance(value, region.domain) }));
  return distances.reduce((best, next) => (next.distance < best.distance ? next : best)).region;
}

/** Levenshtein distance: the fewest letters to insert, delete or replace. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, at(previous, j) + 1, at(current, j - 1) + 1));
    }
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
