/** Words after which a path names one thing of a collection. */
const COLLECTIONS = new Set(['groups', 'users', 'members', 'individuals']);

/** What may follow such a word and is no id: `/api/v2/users/scim/groups`, `/api/v2/groups/search`, `/Users/.search` (RFC 7644 section 3.4.3). */
const WORDS = new Set(['scim', 'search', '.search', 'me', 'bulk', ...COLLECTIONS]);

/** Digits, an at sign or an escape: no word of an API, so maybe an id or a name. A version such as `v2` is one. */
const NO_WORD = /[\d@%]/u;
const VERSION = /^v\d{1,2}$/u;

/** The path of a URL with `{id}` in place of every id, and without its query: as many values as there are kinds of requests. */
export function pathTemplate(url: URL): string {
  const segments = url.pathname.split('/');
  const templated = segments.map((segment, index) => {
    if (segment === '' || VERSION.test(segment)) return segment;
    if (NO_WORD.test(segment)) return '{id}';
    const follows = COLLECTIONS.has((segments[index - 1] ?? '').toLowerCase());
    return follows && !WORDS.has(segment.toLowerCase()) ? '{id}' : segment;
  });
  return templated.join('/');
}
