import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { type GatewayProcess, startProcess } from './support/process.ts';

describe('the playground of a gateway that was started with no configuration', () => {
  const origins = new Set<string>();
  const complaints: string[] = [];
  let gateway: GatewayProcess;
  let url: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    gateway = startProcess();
    url = await gateway.url;
    browser = await launchBrowser();
    // High enough for a whole answer: the editors put only the lines in view on the page.
    page = await browser.newPage({ viewport: { width: 1600, height: 2400 } });
    page.setDefaultTimeout(20_000);
    page.context().on('request', (request) => origins.add(new URL(request.url()).origin));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(url);
  });

  afterAll(async () => {
    await browser?.close();
    await gateway[Symbol.asyncDispose]();
  });

  const execute = () => page.getByRole('button', { name: /^Execute/ }).click();
  const result = () => page.getByLabel('Result Window');
  /** The lines that the result pane shows, once it shows `text`. */
  async function readResult(text: string): Promise<string> {
    await result().getByText(text).first().waitFor();
    return (await result().innerText()).replaceAll('\u00a0', ' ');
  }

  it('opens with the create in front', async () => {
    await page.getByRole('tab', { name: /^CreateChannelConnection/, selected: true }).waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(
      expect.arrayContaining(['CreateChannelConnection', 'ChannelConnection']),
    );
  });

  it('shows the connection that the create made', async () => {
    await execute();
    const shown = await readResult('"replayed"');
    expect(shown).toContain('"identifier": "slack-prod-user123-abc4"');
    expect(shown).toContain('"name": "Acme HQ"');
    expect(shown).toContain('"replayed": false');
    expect(shown).toContain('"userErrors": []');
  });

  it('shows on the second run that it was replayed', async () => {
    await execute();
    // The only "true" of the answer beside hasAccessToken.
    await result().getByText('"replayed": true').waitFor();
    expect(await readResult('"replayed"')).toContain('"identifier": "slack-prod-user123-abc4"');
  });

  it('reads the connection back in the tab beside it', async () => {
    await page.getByRole('button', { name: 'ChannelConnection', exact: true }).click();
    await page.getByRole('tab', { name: /^ChannelConnection\b/, selected: true }).waitFor();
    await execute();
    expect(await readResult('"provider"')).toContain('"provider": "SLACK"');
  });

  it('asked no other host and complained of nothing', () => {
    expect([...origins]).toEqual([new URL(url).origin]);
    expect(complaints).toEqual([]);
  });
});
