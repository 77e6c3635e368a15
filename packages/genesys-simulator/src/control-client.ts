import { z } from 'zod';
import type { Fault } from './faults.ts';
import {
  type LoggedRequest,
  loggedRequestSchema,
  type ReceivedWebhook,
  receivedWebhookSchema,
  type RequestFilter,
  type SimulatedGroup,
  simulatedGroupSchema,
} from './records.ts';
import type { Seed } from './seed.ts';

const requestsSchema = z.object({ requests: z.array(loggedRequestSchema) });
const groupsSchema = z.object({ groups: z.array(simulatedGroupSchema) });
const webhooksSchema = z.object({ webhooks: z.array(receivedWebhookSchema) });
const healthSchema = z.object({ status: z.literal('ok'), users: z.number(), groups: z.number() });

/** Controls a simulator that runs in another process. All methods throw an Error that names the request that failed. */
export class SimulatorControl {
  readonly #url: string;

  /** @param url the simulator's URL, as it prints it when it is ready */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  async health(): Promise<z.output<typeof healthSchema>> {
    return this.#read('/health', healthSchema);
  }

  async groups(): Promise<SimulatedGroup[]> {
    return (await this.#read('/groups', groupsSchema)).groups;
  }

  async requests(filter: RequestFilter = {}): Promise<LoggedRequest[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
    return (await this.#read(`/requests?${query.toString()}`, requestsSchema)).requests;
  }

  async clearRequests(): Promise<void> {
    await this.#call('DELETE', '/requests');
  }

  async webhooks(): Promise<ReceivedWebhook[]> {
    return (await this.#read('/webhooks', webhooksSchema)).webhooks;
  }

  async addFault(fault: Fault): Promise<void> {
    await this.#call('POST', '/faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#call('DELETE', '/faults');
  }

  /** Without a seed the simulator goes back to the one of its start. */
  async reset(seed?: Seed): Promise<void> {
    await this.#call('POST', '/reset', seed);
  }

  async #read<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    return schema.parse(JSON.parse(await this.#call('GET', path)));
  }

  async #call(method: string, path: string, value?: unknown): Promise<string> {
    const url = `${this.#url}/_simulator${path}`;
    const body =
      value === undefined ? {} : { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
    const response = await fetch(url, { method, ...body }).catch((cause: unknown) => {
      throw new Error(`${method} ${url} failed: is the simulator running?`, { cause });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
    return text;
  }
}

/** Same as `new SimulatorControl(url)`. */
export function controlOf(url: string): SimulatorControl {
  return new SimulatorControl(url);
}
