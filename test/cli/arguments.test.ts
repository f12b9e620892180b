import { describe, expect, it } from 'vitest';
import { parseCommandLine, printHelp } from '../../src/cli/arguments.ts';
import { configSecrets, configVariables, fileVariables } from '../../src/config.ts';

describe('the command line', () => {
  it.each<[string[], object]>([
    [[], { command: 'start', variables: {} }],
    [['start', '--port', '4001'], { command: 'start', variables: { PORT: '4001' } }],
    [['--port=0', 'sandbox'], { command: 'sandbox', variables: { PORT: '0' } }],
    [
      ['check', '--novu-api-url', 'https://eu.api.novu.co', '--novu-secret-key-file', '/run/key'],
      {
        command: 'check',
        variables: { NOVU_API_URL: 'https://eu.api.novu.co', NOVU_SECRET_KEY_FILE: '/run/key' },
      },
    ],
    [['schema'], { command: 'schema', variables: {} }],
    [['--help'], { prints: 'help' }],
    [['check', '-h'], { prints: 'help' }],
    [['-v'], { prints: 'version' }],
  ])('%j is read', (args, expected) => {
    expect(parseCommandLine(args)).toEqual(expected);
  });

  it.each<[string[], string[]]>([
    [['frob'], ['the command must be one of start, sandbox, check, schema']],
    [['start', 'check'], ['there can be one command only']],
    [['--prot', '1'], ['--prot: there is no such option: is --port meant?']],
    [['--frobnicate', '1'], ['--frobnicate: there is no such option']],
    [['--port'], ['--port: needs a value']],
    [['-p', '1'], ['-p: there is no such option']],
  ])('%j is refused', (args, faults) => {
    expect(parseCommandLine(args)).toEqual({ faults });
  });

  it('takes every variable but secrets, whose values it does not repeat', () => {
    for (const name of configVariables) {
      const flag = `--${name.toLowerCase().replaceAll('_', '-')}`;
      const parsed = parseCommandLine([`${flag}=a-value`]);
      if (!configSecrets.includes(name))
        expect(parsed).toEqual({ command: 'start', variables: { [name]: 'a-value' } });
      else {
        expect(parsed).toMatchObject({ faults: [expect.stringContaining(`set ${name} or ${name}_FILE`)] });
        expect(JSON.stringify(parsed)).not.toContain('a-value');
      }
    }
  });

  it('takes a file for each secret, and for all that says who may call', () => {
    for (const name of fileVariables)
      expect(parseCommandLine([`--${name.toLowerCase().replaceAll('_', '-')}-file=/run/x`])).toEqual({
        command: 'start',
        variables: { [`${name}_FILE`]: '/run/x' },
      });
    expect(fileVariables).toEqual(expect.arrayContaining([...configSecrets, 'JWT_PUBLIC_KEY', 'JWT_ISSUER']));
  });

  it('is explained by --help, option by option', () => {
    const help = printHelp();
    for (const name of configVariables)
      expect(help).toContain(
        configSecrets.includes(name)
          ? `${name}_FILE`.toLowerCase().replaceAll('_', '-')
          : `--${name.toLowerCase().replaceAll('_', '-')} `,
      );
  });
});
