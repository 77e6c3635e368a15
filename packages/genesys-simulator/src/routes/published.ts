import type { Exchange, Reply } from '../http.ts';
import type { SimulatorState } from '../state.ts';
import { routeGroups } from './groups.ts';
import { routePublishedScim } from './published-scim.ts';

/**
 * Answers the groups part of Genesys Cloud's published API; `undefined` when there is nothing at the path.
 * Scopes are not looked at: they do not apply to clients of the client credentials grant, whose rights are permissions.
 */
export function routePublished(state: SimulatorState, exchange: Exchange): Reply | undefined {
  return routePublishedScim(state, exchange) ?? routeGroups(state, exchange);
}
