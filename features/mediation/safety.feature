Feature: Nobody is mediated into danger
  The safety questions come before any talk, guardians are told, and violence at home bars a joint session.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: minors - the guardian of a minor has to be told
    Scenario: A party of fifteen whose guardian was not told
      Given Bram is 15 years old
      And Asha's dispute with Bram is in Ma's hands
      When Ma opens a session
      Then it is refused under "minors"
      And the refusal names Bram

    Scenario: The guardian was told
      Given Bram is 15 years old
      And Asha's dispute with Bram is in Ma's hands
      And Wang has told the guardian of Bram
      When Ma opens a session
      Then the case is "In session"

    Scenario: Sixteen, living on his own wages, and consenting
      Given Bram is 16 years old and lives on his own wages
      And Asha's dispute with Bram is in Ma's hands
      When Ma opens a session
      Then the case is "In session"

  Rule: safe - domestic violence bars a joint session until an officer has heard the victim alone
    Scenario: The flag is set
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has flagged domestic violence
      When Ma opens a session
      Then it is refused under "safe"
      And the officer on the case is reminded

    Scenario: The victim was not heard alone
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has flagged domestic violence
      When Ou clears it, having heard the victim beside Bram
      Then it is refused under "heard_alone"

    Scenario: An officer has heard the victim alone
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has flagged domestic violence
      And Ou has cleared it, having heard the victim alone
      When Ma opens a session
      Then the case is "In session"

    Scenario: A mediator cannot clear it
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has flagged domestic violence
      When Ma clears it, having heard the victim alone
      Then it is refused because it "is for Sworn officer"

  Rule: with violence at home only sworn people learn where the victim is and who told of it
    Scenario: Before anybody spoke of violence
      Given Asha's address is on file, and aunt Brim reported it
      And Asha's dispute with Bram is in Ma's hands
      When Ma opens a session
      Then Wang is shown where she lives and who reported it

    Scenario: From then on
      Given Asha's address is on file, and aunt Brim reported it
      And Asha's dispute with Bram is in Ma's hands
      When Wang flags domestic violence
      Then Wang is shown neither where she lives nor who reported it
      And Ding is shown neither where she lives nor who reported it
      And Ma is shown neither where she lives nor who reported it
      And Ou is shown where she lives and who reported it
