Feature: The days before the Lupon
  In the Philippines neighbours meet before their Punong Barangay and then before three of the Lupon,
  each for fifteen days at most, before one of them may sue.

  Background:
    Given it is Friday 7 June 2024, 09:00

  Rule: summons - the respondent is summoned on the next working day
    Scenario: A complaint on a Friday
      When Selya takes a complaint of Asha against Bram
      Then the deadline "Summons" is Monday 10 June 2024

  Rule: interruption - limitation is interrupted for sixty days from the filing at most
    Scenario: The day of the filing is not counted
      When Selya takes a complaint of Asha against Bram
      Then the deadline "Limitation interrupted" is Tuesday 6 August 2024

    Scenario: The sixty days are over while the Pangkat still sits
      Given the Pangkat convened over Asha's complaint against Bram on Wednesday 3 July 2024, 09:00
      And Luz has extended the conciliation
      And on Friday 2 August 2024, 10:00 Luz has extended it again as clearly meritorious
      When it becomes Wednesday 7 August 2024, 00:00
      Then Asha and Bram have the "Notice that limitation runs again"
      And the case is "Conciliation by the Pangkat"

  Rule: mediation - the Punong Barangay has fifteen days from the first meeting
    Scenario: Both come to the first meeting
      Given Asha's complaint against Bram is admitted and both are summoned
      And it has become Friday 14 June 2024, 09:00
      When Pilar meets both sides
      Then the deadline "Mediation to end" is Saturday 29 June 2024

    Scenario: Fifteen days without a settlement
      Given Pilar first met Asha and Bram on Friday 14 June 2024, 09:00
      When it becomes Sunday 30 June 2024, 00:00
      Then the case is "Pangkat being formed"
      And Asha and Bram have the "Notice to constitute the Pangkat"
      And the audit trail dates "End the mediation" to Saturday 29 June 2024

  Rule: choose - who cannot agree on three members gets them by lot
    Scenario: Three days without an agreement
      Given Pilar first met Asha and Bram on Friday 14 June 2024, 09:00
      When it becomes Wednesday 3 July 2024, 00:00
      Then the case is "Pangkat constituted"
      And three members of the Lupon were drawn by lot
      And Asha and Bram have the "Notice of the members of the Pangkat"

  Rule: venue_in_time - who does not object to the venue before the Punong Barangay cannot object later
    Scenario: An objection before the Pangkat
      Given the Pangkat convened over Asha's complaint against Bram on Wednesday 3 July 2024, 09:00
      When Bram objects to the venue
      Then it is refused under "venue_in_time"

  Rule: conciliation - the Pangkat has fifteen days, and fifteen more
    Scenario: From the day it convenes
      When the Pangkat convenes over Asha's complaint against Bram on Wednesday 3 July 2024, 09:00
      Then the deadline "Conciliation to end" is Thursday 18 July 2024

    Scenario: Extended once
      Given the Pangkat convened over Asha's complaint against Bram on Wednesday 3 July 2024, 09:00
      When Luz extends the conciliation
      Then the deadline "Conciliation to end" is Friday 2 August 2024

  Rule: worthy - beyond the first extension only a clearly meritorious case goes on
    Scenario: An ordinary case
      Given the Pangkat convened over Asha's complaint against Bram on Wednesday 3 July 2024, 09:00
      And Luz has extended the conciliation
      When Luz extends the conciliation again
      Then it is refused under "worthy"
      And the deadline "Conciliation to end" is Friday 2 August 2024
