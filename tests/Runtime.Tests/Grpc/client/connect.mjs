// A channel to a server, with promises instead of callbacks.

import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const protos = fileURLToPath(new URL('../../../../inference-runtime/Contract/protos/', import.meta.url));
const definition = loader.loadSync([protos + 'inference.proto', protos + 'health.proto'], {
  keepCase: true,
  longs: String,
  enums: String,
});
export const types = grpc.loadPackageDefinition(definition);
export { grpc };

/** Calls a unary method; errors are answers too: {code, details}. */
export function unary(client, method, request, { deadline, metadata = {}, cancelAfter } = {}) {
  return new Promise((resolve) => {
    const sent = new grpc.Metadata();
    for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
    const options = deadline ? { deadline: Date.now() + deadline } : {};
    let received = {};
    const call = client[method](request, sent, options, (error, answer) =>
      resolve(
        error
          ? { code: error.code, details: error.details, metadata: error.metadata?.getMap() }
          : { code: 0, answer, metadata: received },
      ),
    );
    call.on('metadata', (m) => (received = m.getMap()));
    if (cancelAfter) setTimeout(() => call.cancel(), cancelAfter);
  });
}

export function floats(...values) {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  return bytes;
}
