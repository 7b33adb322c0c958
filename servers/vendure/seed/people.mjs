/**
 * Names and places by country, each name with the Latin letters that its e-mail address takes.
 */

/**
 * @typedef {object} Locale
 * @property {string} country ISO code
 * @property {string} prefix of phone numbers
 * @property {[written: string, latin: string][]} given
 * @property {[written: string, latin: string][]} family
 * @property {[city: string, postalCode: string][]} cities
 * @property {string[]} streets without the house number
 */

/** @type {Locale[]} */
export const LOCALES = [
  {
    country: 'GR',
    prefix: '+30 210 555',
    given: [
      ['Ελένη', 'eleni'],
      ['Γιώργος', 'giorgos'],
      ['Άννα', 'anna'],
      ['Νίκος', 'nikos'],
    ],
    family: [
      ['Παπαδοπούλου', 'papadopoulou'],
      ['Οικονόμου', 'oikonomou'],
      ['Βλάχος', 'vlachos'],
    ],
    cities: [
      ['Αθήνα', '105 57'],
      ['Θεσσαλονίκη', '546 24'],
    ],
    streets: ['Ερμού', 'Οδός Αγίας Σοφίας'],
  },
  {
    country: 'UA',
    prefix: '+380 44 555',
    given: [
      ['Оксана', 'oksana'],
      ['Богдан', 'bohdan'],
      ['Їжакія', 'yizhakiia'],
      ['Тарас', 'taras'],
    ],
    family: [
      ['Шевченко', 'shevchenko'],
      ["В'язовська", 'viazovska'],
      ['Ґонта', 'gonta'],
    ],
    cities: [
      ['Київ', '01001'],
      ['Львів', '79008'],
    ],
    streets: ['вул. Хрещатик', 'просп. Свободи'],
  },
  {
    country: 'BG',
    prefix: '+359 2 555',
    given: [
      ['Цветелина', 'tsvetelina'],
      ['Стоян', 'stoyan'],
      ['Мая', 'maya'],
    ],
    family: [
      ['Димитрова', 'dimitrova'],
      ['Йорданов', 'yordanov'],
      ['Щерев', 'shterev'],
    ],
    cities: [
      ['София', '1000'],
      ['Пловдив', '4000'],
    ],
    streets: ['бул. Витоша', 'ул. Раковски'],
  },
  {
    country: 'JP',
    prefix: '+81 3 5550',
    given: [
      ['さくら', 'sakura'],
      ['健太', 'kenta'],
      ['陽菜', 'hina'],
      ['タロウ', 'taro'],
    ],
    family: [
      ['佐藤', 'sato'],
      ['髙橋', 'takahashi'],
      ['渡邉', 'watanabe'],
    ],
    cities: [
      ['東京都千代田区', '100-0001'],
      ['大阪市北区', '530-0001'],
    ],
    streets: ['丸の内', '梅田'],
  },
  {
    country: 'EG',
    prefix: '+20 2 5550',
    given: [
      ['فاطمة', 'fatima'],
      ['محمد', 'mohamed'],
      ['ليلى', 'layla'],
      ['يوسف', 'youssef'],
    ],
    family: [
      ['عبد الله', 'abdallah'],
      ['المصري', 'elmasry'],
      ['حسن', 'hassan'],
    ],
    cities: [
      ['القاهرة', '11511'],
      ['الإسكندرية', '21500'],
    ],
    streets: ['شارع التحرير', 'طريق الكورنيش'],
  },
  {
    country: 'CN',
    prefix: '+86 10 5550',
    given: [
      ['伟', 'wei'],
      ['秀英', 'xiuying'],
      ['梓涵', 'zihan'],
      ['磊', 'lei'],
    ],
    family: [
      ['王', 'wang'],
      ['欧阳', 'ouyang'],
      ['张', 'zhang'],
    ],
    cities: [
      ['北京市', '100000'],
      ['上海市', '200000'],
    ],
    streets: ['长安街', '南京路'],
  },
  {
    country: 'IN',
    prefix: '+91 11 5550',
    given: [
      ['प्रिया', 'priya'],
      ['अर्जुन', 'arjun'],
      ['लक्ष्मी', 'lakshmi'],
      ['कृष्ण', 'krishna'],
    ],
    family: [
      ['शर्मा', 'sharma'],
      ['श्रीवास्तव', 'shrivastava'],
      ['पटेल', 'patel'],
    ],
    cities: [
      ['नई दिल्ली', '110001'],
      ['मुंबई', '400001'],
    ],
    streets: ['महात्मा गांधी मार्ग', 'लिंक रोड'],
  },
  {
    country: 'KR',
    prefix: '+82 2 555',
    given: [
      ['지우', 'jiwoo'],
      ['민준', 'minjun'],
      ['서연', 'seoyeon'],
      ['하늘', 'haneul'],
    ],
    family: [
      ['김', 'kim'],
      ['이', 'lee'],
      ['남궁', 'namgung'],
    ],
    cities: [
      ['서울특별시', '04524'],
      ['부산광역시', '48058'],
    ],
    streets: ['세종대로', '해운대로'],
  },
  {
    country: 'FR',
    prefix: '+33 1 55 50',
    given: [
      ['Zoë', 'zoe'],
      ['François', 'francois'],
      ['Anaïs', 'anais'],
    ],
    family: [
      ['Lefèvre', 'lefevre'],
      ['d’Aubigné', 'daubigne'],
      ['Œuvrard', 'oeuvrard'],
    ],
    cities: [
      ['Paris', '75001'],
      ['Besançon', '25000'],
    ],
    streets: ['rue de l’Église', 'allée des Chênes'],
  },
  {
    country: 'DE',
    prefix: '+49 30 5550',
    given: [
      ['Jürgen', 'juergen'],
      ['Änne', 'aenne'],
      ['Sören', 'soeren'],
    ],
    family: [
      ['Müller-Lüdenscheidt', 'mueller-luedenscheidt'],
      ['Groß', 'gross'],
      ['von der Höhe', 'vonderhoehe'],
    ],
    cities: [
      ['Köln', '50667'],
      ['München', '80331'],
    ],
    streets: ['Lange Straße', 'Königsallee'],
  },
  {
    country: 'ES',
    prefix: '+34 91 555',
    given: [
      ['Íñigo', 'inigo'],
      ['Begoña', 'begona'],
      ['José María', 'jose.maria'],
    ],
    family: [
      ['Núñez Ibáñez', 'nunez'],
      ['Peña', 'pena'],
      ['Güell', 'guell'],
    ],
    cities: [
      ['A Coruña', '15001'],
      ['Cádiz', '11001'],
    ],
    streets: ['Calle Mayor', 'Avenida de España'],
  },
  {
    country: 'PL',
    prefix: '+48 22 555',
    given: [
      ['Łucja', 'lucja'],
      ['Grzegorz', 'grzegorz'],
      ['Żaneta', 'zaneta'],
    ],
    family: [
      ['Wójcik', 'wojcik'],
      ['Brzęczyszczykiewicz', 'brzeczyszczykiewicz'],
      ['Zając', 'zajac'],
    ],
    cities: [
      ['Łódź', '90-001'],
      ['Kraków', '31-001'],
    ],
    streets: ['ul. Świętojańska', 'al. Niepodległości'],
  },
  {
    country: 'VN',
    prefix: '+84 24 5550',
    given: [
      ['Hằng', 'hang'],
      ['Đức', 'duc'],
      ['Ngọc Ánh', 'ngoc.anh'],
    ],
    family: [
      ['Nguyễn', 'nguyen'],
      ['Trần', 'tran'],
      ['Đặng', 'dang'],
    ],
    cities: [
      ['Hà Nội', '100000'],
      ['Đà Nẵng', '550000'],
    ],
    streets: ['Phố Huế', 'Đường Lê Lợi'],
  },
  {
    country: 'IE',
    prefix: '+353 1 555',
    given: [
      ['Siobhán', 'siobhan'],
      ['Oisín', 'oisin'],
      ['Mary Kate', 'mary.kate'],
    ],
    family: [
      ["O'Brien", 'obrien'],
      ['Ní Dhómhnaill', 'nidhomhnaill'],
      ['McCarthy', 'mccarthy'],
    ],
    cities: [
      ['Dublin', 'D02 XY45'],
      ['Dún Laoghaire', 'A96 R7W6'],
    ],
    streets: ['Main Street', 'Fitzwilliam Square'],
  },
];
