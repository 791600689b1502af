// Visits what projects serve: pages in Chromium, which post what they found, and plain answers.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { openPage } from '../browsers.mjs';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

async function listening(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, close: () => (server.closeAllConnections(), server.close()) };
}

/** A port that was free a moment ago. */
async function freePort() {
  const { port, close } = await listening();
  close();
  return String(port);
}

export class Visitor {
  #browser;
  #mail;
  #waiting = new Map();

  /** @param browser Chromium's binary; without it pages are undefined */
  static async open(browser) {
    const visitor = new Visitor();
    visitor.#browser = browser;
    visitor.#mail = await listening((request, response) => {
      let text = '';
      request.on('data', (part) => (text += part));
      request.on('end', () => {
        response.end();
        visitor.#waiting.get(request.url)?.(text);
      });
    });
    return visitor;
  }

  close() {
    this.#mail.close();
  }

  /** @returns the line that the page at `origin + path` posts */
  async page(origin, path) {
    if (this.#browser === undefined) return undefined;
    const letter = `/${this.#waiting.size}`;
    const answer = new Promise((resolve) => this.#waiting.set(letter, resolve));
    const report = encodeURIComponent(`http://127.0.0.1:${this.#mail.port}${letter}`);
    const server = { origin, nextResult: () => answer };
    return JSON.parse(await openPage('chromium', this.#browser, server, `${path}?report=${report}`)).line;
  }

  /** The index page of a folder. */
  async folder(root) {
    const { port, close } = await listening(({ url }, response) => {
      const { pathname } = new URL(url, 'http://localhost');
      const file = join(root, pathname === '/' ? 'index.html' : pathname);
      if (existsSync(file)) response.writeHead(200, { 'content-type': types[extname(file)] }).end(readFileSync(file));
      else response.writeHead(404).end();
    });
    return this.page(`http://127.0.0.1:${port}`, '/').finally(close);
  }

  /**
   * Starts a server in a project, visits it once it answers, ends it.
   *
   * @param command from a port to a program and its arguments; a script is run by this Node
   * @param visit gets `page(path)` and `text(path)`
   */
  async server(project, command, place, visit) {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const [program, ...args] = command(port);
    const script = /\.js$|next$/.test(program);
    // a process group of its own: servers have children
    const child = spawn(script ? process.execPath : program, script ? [program, ...args] : args, {
      cwd: join(place, project),
      detached: true,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    const answers = () =>
      fetch(origin, { signal: AbortSignal.timeout(30_000) }).then(
        () => true,
        () => false,
      );
    try {
      for (let i = 0; !(await answers()); i++) {
        if (i === 600 || child.exitCode !== null) throw new Error(`${project} serves nothing: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const found = await visit({
        page: (path) => this.page(origin, path),
        text: async (path) => (await fetch(origin + path, { signal: AbortSignal.timeout(120_000) })).text(),
      });
      return found;
    } catch (error) {
      throw new Error(`${error.message}\n${said}`, { cause: error });
    } finally {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it ended by itself
      }
      await ended;
    }
  }
}
