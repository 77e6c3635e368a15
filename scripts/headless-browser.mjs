/**
 * A headless Chromium for scripts, spoken to over its debugging pipe: file descriptors 3 and 4, JSON with a NUL after each message.
 * No port is opened, and no package is needed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The browser of `CHROMIUM`, else the first on PATH. Throws when there is none. */
function findBrowser() {
  const wanted = process.env['CHROMIUM'];
  const candidates = wanted === undefined ? NAMES : [wanted];
  const found = candidates.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  throw new Error(`There is no ${candidates.join(', ')} on PATH. Install Chromium, or set CHROMIUM to its program.`);
}

/** Opens one page of the given size. Close it in any case, or the browser stays. */
export async function openPage({ width, height }) {
  const profile = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const flags = [
    '--headless=new',
    '--remote-debugging-pipe',
    '--no-first-run',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--hide-scrollbars',
    `--user-data-dir=${profile}`,
    // The sandbox of Chromium cannot be used by root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const child = spawn(findBrowser(), flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const close = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(5_000)]);
    child.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const send = connect(child, ended);
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const page = (method, params) => send(method, params, sessionId);
    await page('Page.enable');
    return { ...(await pageCommands(page, { width, height })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function pageCommands(page, size) {
  const resize = (height) =>
    page('Emulation.setDeviceMetricsOverride', { width: size.width, height, deviceScaleFactor: 1, mobile: false });
  await resize(size.height);
  const evaluate = async (expression) => {
    const answer = await page('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails !== undefined) throw new Error(`${expression}: ${answer.exceptionDetails.text}`);
    return answer.result.value;
  };
  const until = async (expression, what, timeoutMs = 20_000) => {
    const deadline = Date.now() + timeoutMs;
    while (!(await evaluate(`document.body !== null && Boolean(${expression})`))) {
      if (Date.now() > deadline) {
        const shown = await evaluate('document.body.innerText.slice(0, 3000)');
        throw new Error(`the page does not show ${what}; it shows:\n${shown}`);
      }
      await sleep(200);
    }
  };
  return {
    evaluate,
    goto: (url) => page('Page.navigate', { url }),
    /** Waits until the expression is true in the page. */
    until,
    /** Clicks with the mouse on the first visible element of a selector, or on the first whose text is, or begins with a line of, `text`. */
    async click(selector, text) {
      const find = `(() => {
        for (const element of document.querySelectorAll(${JSON.stringify(selector)})) {
          const [line] = element.innerText.trim().split('\\n');
          if (!element.checkVisibility() || (${text !== undefined} && line !== ${JSON.stringify(text ?? '')})) continue;
          const { x, y, width, height } = element.getBoundingClientRect();
          if (width > 0 && y >= 0 && y < innerHeight) return { x: x + width / 2, y: y + height / 2 };
        }
      })()`;
      await until(find, text ?? selector);
      const at = await evaluate(find);
      for (const type of ['mousePressed', 'mouseReleased'])
        await page('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 });
      await sleep(500);
    },
    /** Runs a script in every page before its own scripts. */
    before: (source) => page('Page.addScriptToEvaluateOnNewDocument', { source }),
    /** Types into the first visible element of a selector. */
    async type(text, selector) {
      await until(
        `(() => {
          const field = [...document.querySelectorAll(${JSON.stringify(selector)})].find((one) => one.checkVisibility());
          field?.focus();
          return field;
        })()`,
        selector,
      );
      await page('Input.insertText', { text });
    },
    /** PNG of the window, which is made higher for it if asked to. */
    async screenshot({ height = size.height } = {}) {
      await resize(height);
      if (height !== size.height) await sleep(1_000);
      const { data } = await page('Page.captureScreenshot', { format: 'png' });
      await resize(size.height);
      return Buffer.from(data, 'base64');
    },
  };
}

/** Gives a function that sends a command and resolves with its answer. */
function connect(child, ended) {
  const [, , , toBrowser, fromBrowser] = child.stdio;
  const waiting = new Map();
  let id = 0;
  let rest = '';
  fromBrowser.setEncoding('utf8');
  fromBrowser.on('data', (chunk) => {
    const messages = `${rest}${chunk}`.split('\0');
    rest = messages.pop();
    for (const text of messages) {
      const message = JSON.parse(text);
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error !== undefined) call?.reject(new Error(`${call.method}: ${message.error.message}`));
      else call?.resolve(message.result);
    }
  });
  toBrowser.on('error', () => undefined);
  child.once('error', (error) => fail(error));
  void ended.then(() => fail(new Error('the browser ended')));
  const fail = (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      id += 1;
      waiting.set(id, { method, resolve, reject });
      toBrowser.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    });
}
