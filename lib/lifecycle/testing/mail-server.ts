import { createServer } from 'node:net';

export interface MailServer {
  readonly url: string;
  /** Receivers and subjects of what was taken, in order: `ada@acme.example: Hello`. */
  readonly taken: string[];
  /** Addresses that are refused for now. */
  readonly refused: Set<string>;
  /** Called with the address of a receiver, before it is answered. */
  arriving: (to: string) => void;
  close(): Promise<void>;
}

/** As much of RFC 5321 as it takes to accept one receiver and refuse another. */
export async function mailServer(): Promise<MailServer> {
  const taken: string[] = [];
  const refused = new Set<string>();
  const server = createServer((socket) => {
    let [inData, rest, to, subject] = [false, '', '', ''];
    const answer = (line: string): string | null => {
      if (inData) {
        subject = /^Subject: (.*)$/.exec(line)?.[1] ?? subject;
        if (line !== '.') return null;
        inData = false;
        taken.push(`${to}: ${subject}`);
        return '250 taken';
      }
      if (line === 'QUIT') return '221 bye';
      if (line === 'DATA') {
        inData = true;
        return '354 go on';
      }
      const [, receiver] = /^RCPT TO:<(.*)>$/.exec(line) ?? [];
      if (receiver === undefined) return '250 ok';
      to = receiver;
      fixture.arriving(to);
      return refused.has(to) ? '450 not now' : '250 ok';
    };
    socket.on('error', () => {});
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\r\n');
      // A line may come in pieces.
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const said = answer(line);
        if (said !== null) socket.write(`${said}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const fixture: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    ...{ taken, refused, arriving: () => {} },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return fixture;
}
