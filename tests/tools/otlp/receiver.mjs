// Takes OTLP over HTTP and gRPC on loopback, and prints each export as a line of JSON: {signal, headers, body}.
// With 'hang' as an argument it takes exports and never answers.
import http from 'node:http';
import { createRequire } from 'node:module';
import grpc from '@grpc/grpc-js';

const require = createRequire(import.meta.url);
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root');
const { trace, metrics } = opentelemetry.proto.collector;
const hang = process.argv.includes('hang');
const signals = {
  traces: [trace.v1.ExportTraceServiceRequest, '/opentelemetry.proto.collector.trace.v1.TraceService/Export'],
  metrics: [metrics.v1.ExportMetricsServiceRequest, '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export'],
};

function show(signal, headers, message) {
  const body = signals[signal][0].toObject(message, { longs: String, bytes: String, enums: Number, arrays: true });
  console.log(JSON.stringify({ signal, headers, body }));
}

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const signal = request.url.match(/^\/v1\/(traces|metrics)$/)?.[1];
  if (!signal || request.headers['content-type'] !== 'application/x-protobuf') {
    response.writeHead(404).end();
    return;
  }
  show(signal, request.headers, signals[signal][0].decode(Buffer.concat(chunks)));
  if (!hang) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
});

const calls = new grpc.Server();
for (const [signal, [type, path]] of Object.entries(signals)) {
  calls.addService({ Export: {
    path, requestStream: false, responseStream: false, requestDeserialize: bytes => type.decode(bytes), requestSerialize: message => message,
    responseSerialize: bytes => bytes, responseDeserialize: bytes => bytes,
  } }, {
    Export: (call, done) => {
      show(signal, call.metadata.getMap(), call.request);
      if (!hang) done(null, Buffer.alloc(0));
    },
  });
}

calls.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  server.listen(0, '127.0.0.1', () => console.log(`OTLP over http on 127.0.0.1:${server.address().port}, over grpc on 127.0.0.1:${port}.`));
});
