export { findLeaks, type Leak } from './find-leaks.ts';
