Feature: Consent
  Nobody is mediated against his will. One clear refusal ends the mediation, and whoever has consented may
  withdraw at any time before the agreement.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: willing - every party has to consent before a session
    Scenario: One party refuses clearly
      Given Asha's dispute with Bram is waiting for consent
      And Asha has consented
      When Bram refuses
      Then the case is closed as "Refused by a party"
      And Ma cannot open a session
      And Asha and Bram have the "Notice of the other ways open"
      And the audit trail gives "PML art. 17" as the basis of "One party refuses"

    Scenario: One party is silent
      Given Asha's dispute with Bram is waiting for consent
      When Asha consents
      Then the case is "Waiting for consent"
      And it waits for Bram

    @live
    Scenario: All parties consent
      Given Asha's dispute with Bram is waiting for consent
      And Asha has consented
      When Bram consents
      Then the case is "Accepted"
      And it waits for the committee director

    @live
    Scenario: A neighbour joins later and was not asked yet
      Given Asha's dispute with Bram is in Ma's hands
      And Cleo has joined as another party concerned
      When Ma opens a session
      Then it is refused under "willing"
      And the refusal names Cleo

  Rule: withdrawal - consent may be withdrawn at any time before the agreement
    Scenario: In the middle of a session
      Given Asha's dispute with Bram is in session
      When Asha withdraws her consent
      Then the case is closed as "Withdrawn"
      And Asha and Bram have the "Notice of the other ways open"

    Scenario: While the case is suspended
      Given Asha's dispute with Bram is in Ma's hands
      And Du has suspended it until Tuesday 30 April 2024
      When Bram withdraws his consent
      Then the case is closed as "Withdrawn"

    Scenario: After the signatures the agreement stands
      Given Asha's dispute with Bram is being performed
      When Bram withdraws his consent
      Then it is refused because it "is not open in state Being performed"
      And the case is "Being performed"

  Rule: consent - silence is chased after three working days and is never taken for consent
    Scenario: The third working day ends
      Given Asha's dispute with Bram is waiting for consent
      When it becomes Friday 19 April 2024, 00:00
      Then Wang and Ding are reminded of "Consent"
      And the case is "Waiting for consent"

    Scenario: Ten more days of silence
      Given Asha's dispute with Bram is waiting for consent
      When it becomes Monday 29 April 2024, 00:00
      Then the case is closed as "No answer to the question of consent"
