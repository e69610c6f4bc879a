// Makes every kind of call to the server at argv[2] and prints what came back, one JSON object by name.

import { floats, grpc, types, unary } from './connect.mjs';

const address = process.argv[2];
const insecure = grpc.credentials.createInsecure();
const client = new types.inference.GRPCInferenceService(address, insecure);
const health = new types.grpc.health.v1.Health(address, insecure);
const zipping = new types.inference.GRPCInferenceService(address, insecure, {
  'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
});

const row = [5.1, 3.5, 1.4, 0.2];
const typed = (rows = 1) => ({
  model_name: 'iris',
  id: 'from-js',
  parameters: { text: { string_param: 'ä' }, number: { int64_param: '-9007199254740993' } },
  inputs: [{
    name: 'input',
    datatype: 'FP32',
    shape: [rows, 4],
    contents: { fp32_contents: Array.from({ length: rows }, () => row).flat() },
  }],
});
const raw = {
  model_name: 'iris',
  inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 4] }],
  raw_input_contents: [floats(...row)],
};
const texts = ['iyi', 'kötü', ''];
const endless = {
  model_name: 'loop',
  inputs: [{ name: 'times', datatype: 'INT64', shape: [], contents: { int64_contents: ['1125899906842624'] } }],
};

const scenarios = {
  live: () => unary(client, 'ServerLive', {}),
  ready: () => unary(client, 'ServerReady', {}),
  server: () => unary(client, 'ServerMetadata', {}),
  model_ready: () => unary(client, 'ModelReady', { name: 'iris', version: '1' }),
  model: () => unary(client, 'ModelMetadata', { name: 'iris' }),
  typed: () => unary(client, 'ModelInfer', typed()),
  raw: () => unary(client, 'ModelInfer', raw),
  strings: () => unary(client, 'ModelInfer', {
    model_name: 'text',
    inputs: [{
      name: 'text', datatype: 'BYTES', shape: [3], contents: { bytes_contents: texts.map((t) => Buffer.from(t)) },
    }],
    outputs: [{ name: 'echo' }],
  }),
  metadata: () => unary(client, 'ModelInfer', raw, { metadata: { 'x-request-id': 'js-7' } }),
  unknown_model: () => unary(client, 'ModelInfer', { ...raw, model_name: 'nö' }),
  bad_input: () => unary(client, 'ModelInfer', { ...raw, raw_input_contents: [floats(1)] }),
  too_large: () => unary(client, 'ModelInfer', { ...raw, raw_input_contents: [Buffer.alloc(2 << 20)] }),
  deadline: () => unary(client, 'ModelInfer', endless, { deadline: 300 }),
  cancelled: () => unary(client, 'ModelInfer', endless, { cancelAfter: 300 }),
  gzip: () => unary(zipping, 'ModelInfer', typed(300)),
  gzip_unary: () => unary(zipping, 'ServerLive', {}),
  unimplemented: () => new Promise((resolve) => client.makeUnaryRequest(
    '/inference.GRPCInferenceService/RepositoryIndex', (b) => b, (b) => b, Buffer.alloc(0),
    (error) => resolve({ code: error?.code ?? 0, details: error?.details }),
  )),
  health: () => unary(health, 'Check', {}),
  health_unknown: () => unary(health, 'Check', { service: 'nobody' }),
  watch: () => new Promise((resolve) => {
    const seen = [];
    const call = health.Watch({});
    call.on('data', (answer) => { seen.push(answer.status); call.cancel(); });
    call.on('error', (error) => resolve({ code: error.code, seen }));
  }),
  many: async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) =>
      unary(client, 'ModelInfer', { ...raw, id: String(i) })));
    return { code: Math.max(...answers.map((a) => a.code)), right: answers.filter((a, i) => a.answer?.id === String(i)).length };
  },
};

const results = {};
for (const [name, scenario] of Object.entries(scenarios)) results[name] = await scenario();
console.log(JSON.stringify(results));
client.close();
zipping.close();
health.close();
