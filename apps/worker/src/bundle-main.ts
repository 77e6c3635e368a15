import { DefaultLogger } from '@temporalio/worker';
import { writeBuildId } from './build-id.ts';
import { sourceCommit } from './config.ts';
import { writeBundles } from './workflow-bundle.ts';

await writeBundles(new DefaultLogger('WARN'));
writeBuildId(sourceCommit());
