using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "out/worker.js"),
    (name = "linearDeterministic.wasm", wasm = embed "out/linearDeterministic.wasm"),
    (name = "linearFast.wasm", wasm = embed "out/linearFast.wasm"),
    (name = "maps.wasm", wasm = embed "out/maps.wasm"),
    (name = "convolutionsDeterministic.wasm", wasm = embed "out/convolutionsDeterministic.wasm"),
    (name = "convolutionsFast.wasm", wasm = embed "out/convolutionsFast.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
