// Keeps calling one of the servers listed in argv[2] ("ipv4:HOST:PORT,HOST:PORT") until it is interrupted; then prints
// how many calls succeeded and which failed.

import { floats, grpc, types, unary } from './connect.mjs';

const client = new types.inference.GRPCInferenceService(process.argv[2], grpc.credentials.createInsecure());
const request = {
  model_name: 'iris',
  inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 4] }],
  raw_input_contents: [floats(5.1, 3.5, 1.4, 0.2)],
};
let stop = false;
let succeeded = 0;
const failed = [];

process.on('SIGINT', () => (stop = true));

async function keepCalling() {
  while (!stop) {
    const result = await unary(client, 'ModelInfer', request);
    if (result.code === 0) succeeded++;
    else failed.push({ code: result.code, details: result.details });
    if (succeeded === 100) console.log('under load');
  }
}

await Promise.all(Array.from({ length: 8 }, keepCalling));
console.log(JSON.stringify({ succeeded, failed }));
client.close();
process.exit(0);
