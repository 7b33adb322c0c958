// What a user would write in an afternoon: axios and zod, one request after the other, no state.
import axios from 'axios';
import { SourcePage } from './records.ts';

/** Moves all records, page by page. Gives how many were written. */
export const axiosLoop = async (url: string): Promise<number> => {
  let after: string | undefined;
  let written = 0;
  do {
    const { data } = await axios.get(`${url}/customers`, { params: { after } });
    const page = SourcePage.parse(data);
    const inputs = page.results.map((record) => ({
      email: record.email,
      name: `${record.firstName} ${record.lastName}`,
      phone: record.phone,
      town: record.city,
    }));
    const answer = await axios.post(`${url}/batch`, { inputs });
    written += answer.data.results.length;
    after = page.next ?? undefined;
  } while (after !== undefined);
  return written;
};
