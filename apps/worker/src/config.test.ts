import { afterEach, describe, expect, it } from 'vitest';
import { builtBuildId, writeBuildId } from './build-id.ts';
import { loadWorkerConfig } from './config.ts';

const base = { GENESYS_CLIENT_ID: 'id', GENESYS_CLIENT_SECRET: 'secret' };
const before = builtBuildId();
afterEach(() => writeBuildId(before));

describe('the deployment of a worker', () => {
  it('is none unless it is named', () => {
    expect(loadWorkerConfig(base).deployment).toBeUndefined();
    expect(() => loadWorkerConfig({ ...base, WORKER_BUILD_ID: 'b' })).toThrow('WORKER_DEPLOYMENT_NAME is not set');
  });

  it('has the build id that is set, else that of the commit it was built from', () => {
    const env = { ...base, WORKER_DEPLOYMENT_NAME: 'onboarding' };
    writeBuildId('3f2a9c1');
    expect(loadWorkerConfig({ ...env, WORKER_BUILD_ID: 'b-1' }).deployment).toMatchObject({ buildId: 'b-1' });
    expect(loadWorkerConfig(env).deployment).toEqual({ deploymentName: 'onboarding', buildId: '3f2a9c1' });
    writeBuildId('not a commit!');
    expect(() => loadWorkerConfig(env)).toThrow('was not built from a git commit');
  });
});
