// Runs models by onnxruntime-node and by the server, on the same inputs, and compares the outputs bit by bit.
//
//   node compare.mjs SERVER SEED < models.json     models: [{name, file, shapes: [{INPUT: [sizes]}], outputs?: [names]}]
//
// One line of JSON for each model and shape: {name, shapes, outputs, bytes, difference} ; difference is null when there is none.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

// The package whose native library the server is built with, so that a difference is one of the way in or out.
const require = createRequire(new URL('../../../inference-runtime/Onnx/native/package.json', import.meta.url));
const { InferenceSession, Tensor } = require('onnxruntime-node');

const [server, seed] = process.argv.slice(2);
let state = Number(seed) >>> 0;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;

const types = {
  float32: ['FP32', n => Float32Array.from({ length: n }, () => random() * 4 - 2)],
  float64: ['FP64', n => Float64Array.from({ length: n }, () => random() * 4 - 2)],
  float16: ['FP16', n => bits(Uint16Array, n)],
  int8: ['INT8', n => bits(Int8Array, n)],
  uint8: ['UINT8', n => bits(Uint8Array, n)],
  int16: ['INT16', n => bits(Int16Array, n)],
  uint16: ['UINT16', n => bits(Uint16Array, n)],
  int32: ['INT32', n => bits(Int32Array, n)],
  uint32: ['UINT32', n => bits(Uint32Array, n)],
  int64: ['INT64', n => bits(BigInt64Array, n)],
  uint64: ['UINT64', n => bits(BigUint64Array, n)],
  bool: ['BOOL', n => Uint8Array.from({ length: n }, () => random() * 2)],
  string: ['BYTES', n => Array.from({ length: n }, () => ['good', '', 'iyi', 'kötü', '日本'][Math.floor(random() * 5)])],
};

function bits(Kind, n) {
  const bytes = Uint8Array.from({ length: n * Kind.BYTES_PER_ELEMENT }, () => random() * 256);
  return new Kind(bytes.buffer);
}

/** The elements as the binary tensor extension has them. */
function raw(tensor) {
  if (tensor.type !== 'string') return Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Buffer.concat(tensor.data.flatMap(text => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(Buffer.byteLength(text));
    return [length, Buffer.from(text)];
  }));
}

async function ask(model, feeds, wanted) {
  const inputs = Object.entries(feeds).map(([name, tensor]) => ({ name, tensor, bytes: raw(tensor) }));
  const head = Buffer.from(JSON.stringify({
    parameters: { binary_data_output: true },
    inputs: inputs.map(({ name, tensor, bytes }) => ({
      name, shape: tensor.dims, datatype: types[tensor.type][0], parameters: { binary_data_size: bytes.length },
    })),
    outputs: wanted.map(name => ({ name })),
  }));
  const answer = await fetch(`${server}v2/models/${model}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': `${head.length}` },
    body: Buffer.concat([head, ...inputs.map(i => i.bytes)]),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${answer.status} ${body}`);
  let at = Number(answer.headers.get('inference-header-content-length'));
  const outputs = JSON.parse(body.subarray(0, at)).outputs
    .map(o => ({ ...o, bytes: body.subarray(at, at += o.parameters.binary_data_size) }));
  if (at !== body.length) throw new Error(`${body.length - at} bytes follow the last output`);
  return outputs;
}

function difference(expected, actual) {
  if (!actual) return 'is missing';
  if (actual.datatype !== types[expected.type][0]) return `is ${actual.datatype} instead of ${expected.type}`;
  if (`${actual.shape}` !== `${expected.dims}`) return `has shape [${actual.shape}] instead of [${expected.dims}]`;
  const bytes = raw(expected);
  if (bytes.equals(actual.bytes)) return null;
  const at = bytes.findIndex((byte, i) => byte !== actual.bytes[i]);
  return `differs at byte ${at} of ${bytes.length}`;
}

for (const { name, file, shapes, outputs } of JSON.parse(readFileSync(0, 'utf8'))) {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1, executionProviders: ['cpu'] });
  const wanted = outputs ?? session.outputNames;
  for (const shape of shapes) {
    const line = { name, shapes: JSON.stringify(shape), outputs: 0, bytes: 0, difference: null };
    try {
      const feeds = {};
      for (const input of session.inputMetadata) {
        const sizes = shape[input.name] ?? shape['*'];
        feeds[input.name] = new Tensor(input.type, types[input.type][1](sizes.reduce((a, b) => a * b, 1)), sizes);
      }
      const expected = await session.run(feeds, wanted);
      const actual = await ask(name, feeds, wanted);
      for (const output of wanted) {
        const wrong = difference(expected[output], actual.find(o => o.name === output));
        if (wrong) line.difference = `${output} ${wrong}`;
        line.outputs++;
        line.bytes += raw(expected[output]).length;
      }
    } catch (e) {
      line.difference = `${e}`;
    }
    console.log(JSON.stringify(line));
  }
}
