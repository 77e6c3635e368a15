import { DefaultLogger } from '@temporalio/worker';
import { writeBundles } from './workflow-bundle.ts';

await writeBundles(new DefaultLogger('WARN'));
