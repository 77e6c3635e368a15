export { createEncryption, loadEncryption, type Encryption } from './config.ts';
export { DEVELOPMENT_KEYS } from './development-keys.ts';
export { createEncryptionCodec, ENCRYPTED_ENCODING, FORMAT_METADATA, KEY_ID_METADATA } from './encryption-codec.ts';
export { EncryptionConfigError, EncryptionKeyNotFoundError, PayloadDecryptionError } from './errors.ts';
export { FAILURE_CONVERTER_PATH } from './failure-converter-path.ts';
export { parseKeyRing, type KeyRing } from './key-ring.ts';
export { startCodecServer, type CodecServer, type CodecServerOptions } from './codec-server/server.ts';
