import { DefaultLogger } from '@temporalio/worker';
import { writeBundle } from './workflow-bundle.ts';

await writeBundle(new DefaultLogger('WARN'));
