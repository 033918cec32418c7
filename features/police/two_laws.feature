Feature: Two laws side by side
  A case keeps the law of the day on which it was reported. What is decided from 2026 on is sealed either way.

  Rule: a case keeps the text of its day
    Scenario: Reported in 2025
      Given it is Monday 22 December 2025, 09:00
      And Ou has accepted the case between Asha and Bram
      When it becomes Thursday 8 January 2026, 09:00
      Then it follows the text "2025.1"

    Scenario: Reported in 2026
      Given it is Thursday 8 January 2026, 09:00
      When Ou accepts the case between Asha and Bram
      Then it follows the text "2026.1"

  Rule: decide - the record of a penalty that is decided from 2026 on is sealed
    Scenario: Reported in 2025, decided in 2026
      Given it is Monday 22 December 2025, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      And it has become Thursday 8 January 2026, 09:00
      When Chen decides on a fine
      Then the case is closed as "Penalty decided"
      And it follows the text "2025.1"
      And its content is sealed for Ding and open for Chen

    Scenario: Decided in 2025
      Given it is Monday 22 December 2025, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      When Chen decides on a fine
      Then its content is open for Ding

    Scenario: Reported and decided in 2026
      Given it is Thursday 8 January 2026, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      When Chen decides on a fine
      Then its content is sealed for Ding and open for Chen

  Rule: station_may - a station warns and fines up to 500, since 2026 up to 1,000; the rest is the county's
    Scenario: Eight hundred in 2025
      Given it is Monday 22 December 2025, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      When Chen decides on a fine of 800
      Then it is refused under "station_may"

    Scenario: Eight hundred in 2026
      Given it is Thursday 8 January 2026, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      When Chen decides on a fine of 800
      Then the case is closed as "Penalty decided"

    Scenario: Detention by the station
      Given it is Thursday 8 January 2026, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      When Chen decides on detention
      Then it is refused under "station_may"

    Scenario: Detention by the county
      Given it is Thursday 8 January 2026, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      When Cao decides on detention
      Then the case is closed as "Penalty decided"

  Rule: accept_settlement - whoever settles it themselves and performs it is not punished
    Scenario: Under the earlier law the rules say so
      Given it is Monday 22 December 2025, 09:00
      And Asha and Bram have asked in writing that nobody be punished, and it is performed
      When Chen accepts that they settled it
      Then the case is closed as "Settled and performed, no penalty"
      And the audit trail gives "Rules art. 186" as the basis of "Accept that they have settled it themselves"

    Scenario: Since 2026 the law does
      Given it is Thursday 8 January 2026, 09:00
      And Asha and Bram have asked in writing that nobody be punished, and it is performed
      When Chen accepts that they settled it
      Then the case is closed as "Settled and performed, no penalty"
      And the audit trail gives "PSAPL art. 9" as the basis of "Accept that they have settled it themselves"

  Rule: performed_all - a settlement that nobody has performed yet spares nobody
    Scenario: Promised only
      Given it is Thursday 8 January 2026, 09:00
      And Asha and Bram have asked in writing that nobody be punished, and it is promised
      When Chen accepts that they settled it
      Then it is refused under "performed_all"
